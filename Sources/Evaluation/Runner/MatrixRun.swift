public import DSXCore

/// Several cells in one folder: a run folder for each, and a report over all.
public struct MatrixRun: Sendable {
  /// The cells, in the order of the report.
  public let cells: [EvaluationCell]
  /// The folder.
  public let folder: String

  /// Several cells.
  public init(cells: [EvaluationCell], folder: String) {
    self.cells = cells
    self.folder = folder
  }

  /// A name for each cell, unique: `<model>--<dataset>`; of folders with one name the shortest path that
  /// tells them apart; numbered where the very same cell comes twice.
  public static func names(_ cells: [EvaluationCell]) -> [String] {
    var seen: [String: Int] = [:]
    let models = EvaluationCell.shortest(cells.map(\.answerer))
    let datasets = EvaluationCell.shortest(cells.map(\.dataset))
    return cells.indices.map { place in
      let name = cells[place].name(model: models[place], dataset: datasets[place])
      seen[name, default: 0] += 1
      let count = seen[name] ?? 1
      return count == 1 ? name : "\(name)--\(count)"
    }
  }

  /// Runs all cells; a cell that ends with an error does not stop the others. Cells that are there already
  /// are not run again.
  public func run(
    _ runner: CellRunner, overwrite: Bool = false, progress: any ProgressSink = SilentProgress(),
    tool: String
  ) throws(DSXError) -> MatrixOutcome {
    try run(overwrite: overwrite, tool: tool) { (index, folder) throws(DSXError) in
      try runner.run(cells[index], into: folder, overwrite: overwrite, progress: progress)
    }
  }

  /// The same with what makes a cell's folder, by the cell's number.
  func run(
    overwrite: Bool, tool: String,
    each: (_ cell: Int, _ folder: String) throws(DSXError) -> CellOutcome
  ) throws(DSXError) -> MatrixOutcome {
    let names = Self.names(cells)
    let path = RunFiles(path: folder).path
    try check(path, names, overwrite: overwrite)
    try FilePath.makeFolder(path)
    let description: JSONValue = .object([
      .init("schema", .string(RunFiles.schema)),
      .init("schema_version", .int(Int64(RunFiles.schemaVersion))), .init("kind", "matrix"),
      .init("tool", .string(tool)), .init("cells", .array(names.map { .string($0) })),
    ])
    try AtomicFolder.write(
      Array((description.text(.indented) + "\n").utf8), to: FilePath.join(path, "run.json"))
    var parts: [NightReport.Cell] = []
    var errors: [DSXError] = []
    var identities = ""
    var incomplete = 0
    var seconds = 0.0
    let models = EvaluationCell.shortest(cells.map(\.answerer))
    for (index, name) in names.enumerated() {
      do throws(DSXError) {
        let outcome = try each(index, FilePath.join(path, name))
        identities += "\(name) \(outcome.identity)\n"
        incomplete += outcome.incomplete
        seconds += outcome.report.runtime?.seconds ?? 0
        // The name of a folder alone may be that of several.
        let isLong = models[index].utf8.contains(UInt8(ascii: "/"))
        let named = isLong ? outcome.report.named(model: models[index]) : outcome.report
        var report = named
        report.runtime = nil
        // Whether it was computed now or found again says nothing about the numbers.
        parts.append(NightReport.Cell(cell: name, folder: name, status: .done, report: report))
        try ReportForm.write(.run(named), into: FilePath.join(path, name))
      } catch {
        errors.append(error)
        identities += "\(name) failed\n"
        parts.append(
          NightReport.Cell(cell: name, status: .failed, error: error.message, report: nil))
      }
    }
    var report = NightReport(
      identity: SHA256.hex(identities), tool: tool,
      recipe: .object([.init("name", .string("dsx eval"))]), cells: parts)
    report.runtime = ReportRuntime(
      run: FilePath.split(path).name, seconds: (seconds * 1000).rounded() / 1000,
      workers: cells.first?.options.workers)
    try AtomicFolder.write(
      Array(ReportForm.source(.night(report)).utf8), to: FilePath.join(path, "report.json"))
    return MatrixOutcome(folder: path, report: report, incomplete: incomplete, errors: errors)
  }

  /// Throws unless the folder is free, or of a run of the same cells.
  func check(_ path: String, _ names: [String], overwrite: Bool) throws(DSXError) {
    guard FilePath.exists(path) else { return }
    guard FilePath.isFolder(path) else {
      throw DSXError(.outputExists, "the output is a file, not a folder", file: path)
    }
    if try FilePath.list(path).isEmpty { return }
    let run = try? JSONParser.parse(file: FilePath.join(path, "run.json"))
    guard let run, run["schema"]?.string == RunFiles.schema, run["kind"] == "matrix" else {
      throw DSXError(
        .outputExists, "the output folder holds other things than a run of several cells",
        file: path, hint: "choose another --output")
    }
    let known = (run["cells"]?.array ?? []).compactMap(\.string)
    guard known == names || overwrite else {
      throw DSXError(
        .outputExists, "the output folder holds a run of other cells", file: path,
        hint: "choose another --output, or replace it with --overwrite")
    }
  }
}

/// What came of several cells.
public struct MatrixOutcome: Sendable {
  /// The folder.
  public let folder: String
  /// The report over all.
  public let report: NightReport
  /// Examples without a score that should have one, over all cells.
  public let incomplete: Int
  /// The errors of cells that ended with one.
  public let errors: [DSXError]

  /// What the command ends with; nil when every cell is complete.
  public var error: DSXError? {
    guard let first = errors.first else {
      return Self.error(incomplete: incomplete, folder: folder)
    }
    let count = report.cells.count
    // One code for all: that of the only error, else that the run is incomplete.
    if errors.count == count, count == 1 { return first }
    return Self.error(failed: errors.count, of: count, first: first.message, folder: folder)
  }

  /// The error of cells that were all evaluated; nil when every example has a score.
  static func error(incomplete: Int, folder: String) -> DSXError? {
    guard incomplete > 0 else { return nil }
    return DSXError(
      .incomplete, "\(incomplete) examples have no score", file: folder,
      hint: "each cell's predictions.jsonl says why")
  }

  /// The error of cells of which some ended with one.
  static func error(failed: Int, of count: Int, first: String, folder: String) -> DSXError {
    DSXError(
      .incomplete, "\(failed) of \(count) cells ended with an error", file: folder,
      hint: "the first: " + first)
  }
}
