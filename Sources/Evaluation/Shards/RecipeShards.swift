public import DSXCore
public import Jobs

/// A recipe whose cells several processes make: `plan` lists them, `run` evaluates some, `merge` does what
/// `NightRunner.execute` does with them: comparison, gates, report, history, notice.
///
/// A shard is a cell. Its part holds the files of the cell's run folder, or `error.json` when the cell
/// cannot be evaluated: that is a result of the night, as in one process. What may go away by itself (the
/// system refused a read or a write) fails the shard instead, so that it is tried again.
public struct RecipeShards {
  /// The kind of the plan.
  public static let kind = "recipe"
  /// The name of the only step.
  public static let step = "cells"

  let night: NightRunner

  /// A recipe's run in shards.
  public init(_ night: NightRunner) { self.night = night }

  private var folder: String { night.folder }

  /// Opens every model and data set and makes `NIGHT.work`; finds it made.
  ///
  /// Throws `outputExists` when the night is finished or another run is in its folder, and what the recipe
  /// gets wrong.
  public func plan(command: PlannedCommand) throws(DSXError) -> WorkFolder {
    try night.checkName()
    let cells = try night.prepare()
    guard !cells.isEmpty else {
      throw DSXError(.nothingToDo, "the recipe has no cells", file: night.recipe.path)
    }
    let identity = night.identity(cells)
    if !night.options.overwrite {
      let state = try NightFolder(path: folder).inspect(identity: identity, overwrite: false)
      if case .finished(_, let report) = state, Self.isWhole(report) {
        throw DSXError.alreadyMade(
          "the night was made from this recipe, its models and data already", output: folder,
          hint: "there is nothing to plan; --overwrite makes it again",
          ending: report.error(folder: folder))
      }
    }
    // What the merge would refuse is refused before anything is computed.
    _ = try night.baseline()
    let path = WorkFolder.path(forOutput: folder)
    try FilePath.makeFolder(FilePath.split(folder).folder)
    var setup = command.json.object ?? []
    setup.append(.init("reuse", try reusable(cells)))
    return try WorkFolder.planned(
      path,
      WorkPlan(
        plan: plan(cells, identity), steps: [WorkStep(Self.step, shards: cells.count)],
        setup: .object(setup)), output: folder, overwrite: night.options.overwrite)
  }

  private func plan(_ cells: [NightRunner.Cell], _ identity: String) -> JobPlan {
    let list = cells.map { cell -> JSONValue in
      [
        "name": .string(cell.cell.key),
        "identity": cell.facts.map { .string($0.identity) } ?? .null,
      ]
    }
    return JobPlan(
      kind: Self.kind, tool: night.options.tool,
      options: [
        "recipe": .string(night.recipe.name), "night": .string(night.options.night),
        "hash": .string(night.recipe.hash), "identity": .string(identity), "cells": .array(list),
      ], inputs: [], shardBytes: 1)
  }

  /// Whether nothing of a night is to be tried again.
  static func isWhole(_ report: NightReport) -> Bool {
    !report.cells.contains { $0.status == .failed || $0.status == .missing }
  }

  /// Folders with the numbers of cells that were computed before: of this night, or of an earlier one. Looked
  /// up once, so that the history is read by one process.
  private func reusable(_ cells: [NightRunner.Cell]) throws(DSXError) -> JSONValue {
    var found: [JSONValue.Member] = []
    for cell in cells {
      guard let facts = cell.facts else { continue }
      let own = NightFolder(path: folder).path(cell.cell.key)
      if !night.options.overwrite, let done = try? CellFolder(own),
        done.report.identity == facts.identity
      {
        found.append(.init(cell.cell.key, .string(own)))
      } else if !night.options.fresh, let earlier = try night.reusable(facts) {
        found.append(.init(cell.cell.key, .string(earlier)))
      }
    }
    return .object(found)
  }

  /// The work folder at `path` as this recipe sees it.
  func planned(_ path: String) throws(DSXError) -> WorkFolder {
    let work = try WorkFolder(path: path)
    try work.require(kind: Self.kind, tool: night.options.tool)
    let options = work.work.plan.options
    guard options["hash"]?.string == night.recipe.hash,
      options["cells"]?.array?.count == night.recipe.cells.count,
      work.work.steps == [WorkStep(Self.step, shards: night.recipe.cells.count)]
    else {
      throw DSXError(
        .outputExists, "the recipe changed since the work was planned", file: night.recipe.path,
        hint: "plan again with --overwrite")
    }
    return work
  }
}
