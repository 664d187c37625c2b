public import DSXCore
public import Jobs

/// An evaluation that several processes make: `plan` cuts the examples by number, `run` makes parts of
/// predictions, `merge` puts them together. The run folder is that of one process, byte for byte, but for
/// `runtime` in report.json.
///
/// All shards belong to one step. A part holds `predictions.jsonl`: the lines of its examples. Shards are
/// cut at multiples of a unit of work, whose batches depend on its own examples only, so a part's numbers
/// do not depend on its neighbours.
public struct EvaluationShards {
  /// The kind of the plan.
  public static let kind = "eval"
  /// The name of the only step.
  public static let step = "predict"
  /// The name of a part's file.
  static let file = "predictions.jsonl"

  let cells: [EvaluationCell]
  let names: [String]
  let output: String
  let overwrite: Bool
  let tool: String
  let runner: CellRunner

  /// An evaluation of these cells into the folder `output`.
  public init(
    _ cells: [EvaluationCell], output: String, overwrite: Bool, tool: String, runner: CellRunner
  ) {
    self.cells = cells
    names = MatrixRun.names(cells)
    self.output = RunFiles(path: output).path
    self.overwrite = overwrite
    self.tool = tool
    self.runner = runner
  }

  /// The run folder of a cell.
  func folder(ofCell cell: Int) -> String {
    cells.count == 1 ? output : FilePath.join(output, names[cell])
  }

  /// Opens every model and data set, counts the examples and makes `OUTPUT.work`; finds it made.
  ///
  /// `shardExamples`: examples of a shard, rounded up to whole units; nil: 256, doubled for a large data
  /// set until it has at most 256 shards. Throws `outputExists` when the output is finished or something
  /// else is there, and what preparing a cell throws.
  public func plan(shardExamples: Int?, command: PlannedCommand) throws(DSXError) -> WorkFolder {
    guard shardExamples ?? 1 >= 1 else {
      throw DSXError(.usage, "--shard-examples must be at least 1")
    }
    var planned: [PlannedCell] = []
    for (cell, name) in zip(cells, names) {
      do throws(DSXError) {
        let task = try runner.prepare(cell)
        let examples = try task.exampleCount()
        let size = CountShards.size(wanted: shardExamples, total: examples, unit: RunFiles.unit)
        planned.append(
          PlannedCell(
            name: name, identity: task.identity, shards: CountShards(total: examples, size: size)))
      } catch {
        guard cells.count > 1 else { throw error }
        var placed = error
        placed.message = "the cell \(name): " + error.message
        throw placed
      }
    }
    try checkOutput(planned)
    let shards = CellShards(planned)
    let plan = JobPlan(
      kind: Self.kind, tool: tool, options: ["cells": .array(planned.map(\.json))], inputs: [],
      shardBytes: 1)
    try FilePath.makeFolder(FilePath.split(output).folder)
    let path = WorkFolder.path(forOutput: output)
    return try WorkFolder.planned(
      path,
      WorkPlan(
        plan: plan, steps: [WorkStep(Self.step, shards: shards.count)], setup: command.json),
      output: output, overwrite: overwrite)
  }

  /// Throws `alreadyMade` when there is nothing to plan, `outputExists` when something is in the way.
  private func checkOutput(_ planned: [PlannedCell]) throws(DSXError) {
    if cells.count > 1 {
      try MatrixRun(cells: cells, folder: output).check(output, names, overwrite: overwrite)
    }
    var finished: [RunReport] = []
    for (number, cell) in planned.enumerated() {
      let files = RunFiles(path: folder(ofCell: number))
      if case .finished(let json) = try files.inspect(
        identity: cell.identity, overwrite: overwrite),
        case .run(let report) = try AnyReport(json)
      {
        finished.append(report)
      }
    }
    guard finished.count == planned.count else { return }
    throw DSXError.alreadyMade(
      "the output was made from these models, data and options already", output: output,
      hint: "there is nothing to plan; --overwrite makes it again",
      ending: cells.count == 1
        ? finished.first?.error(folder: output)
        : MatrixOutcome.error(
          incomplete: finished.reduce(0) { $0 + $1.counts.incomplete }, folder: output))
  }

  /// The work folder at `path` as these cells see it, with its shards.
  ///
  /// Throws `usage` for the folder of another kind of job, `outputExists` for one of another version or
  /// of other cells.
  func planned(_ path: String) throws(DSXError) -> (work: WorkFolder, shards: CellShards) {
    let work = try WorkFolder(path: path)
    try work.require(kind: Self.kind, tool: tool)
    var planned: [PlannedCell] = []
    for cell in work.work.plan.options["cells"]?.array ?? [] {
      do throws(DSXError) { planned.append(try PlannedCell(json: cell)) } catch {
        throw error.inFile(FilePath.join(path, WorkPlan.fileName))
      }
    }
    let shards = CellShards(planned)
    guard planned.map(\.name) == names,
      work.work.steps == [WorkStep(Self.step, shards: shards.count)]
    else {
      throw DSXError(
        .corrupt, "the plan's cells are not those of its command line", file: path,
        hint: "plan again")
    }
    return (work, shards)
  }

  /// A cell's runner. Throws `outputExists` when model or data are not those of the plan any more.
  func prepared(_ cell: Int, _ planned: PlannedCell, _ path: String) throws(DSXError)
    -> TaskRunner
  {
    let task = try runner.prepare(cells[cell])
    guard task.identity == planned.identity else {
      throw DSXError(
        .outputExists,
        "the model, the data or the task of \(planned.name) changed since the work was planned",
        file: path, hint: "plan again with --overwrite")
    }
    return task
  }
}
