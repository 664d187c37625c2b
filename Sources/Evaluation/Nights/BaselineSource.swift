internal import DSXCore

/// Where the run that another is compared with is read from: the history, or a folder.
enum BaselineSource {
  /// A run of the history.
  case history(RunHistory, RunRecord)
  /// The folder of a recipe's run.
  case night(String, NightReport)
  /// The folder of one evaluation.
  case run(CellFolder)

  /// Opens what `word` (an id, or a folder's path) names; nil for nil.
  init?(_ word: String?, history path: String) throws(DSXError) {
    guard let word else { return nil }
    if word.utf8.contains(UInt8(ascii: "/")) || FilePath.isFolder(word) {
      try self.init(folder: word)
      return
    }
    guard let history = try RunHistory.reading(path), let run = try history.run(word) else {
      throw DSXError(
        .usage, "the baseline '\(word)' is not in the history", file: path,
        hint: "dsx runs list shows what there is")
    }
    self = .history(history, run)
  }

  /// A folder that a recipe or `dsx eval` wrote.
  init(folder: String) throws(DSXError) {
    let file = FilePath.join(folder, "report.json")
    guard FilePath.exists(file) else {
      throw DSXError(
        .usage, "the folder holds no finished run", file: folder,
        hint: "a run's folder has a report.json")
    }
    switch try AnyReport(file: file) {
    case .night(let report): self = .night(folder, report)
    case .run:
      guard let cell = try CellFolder(folder) else {
        throw DSXError(.usage, "the folder holds no finished run", file: folder)
      }
      self = .run(cell)
    }
  }

  /// What reports call it.
  var name: String {
    switch self {
    case .history(_, let run): run.id
    case .night(let folder, let report): report.runtime?.run ?? FilePath.split(folder).name
    case .run(let cell): cell.report.runtime?.run ?? FilePath.split(cell.path).name
    }
  }

  /// Its record, where the history has it.
  var run: RunRecord? {
    if case .history(_, let run) = self { run } else { nil }
  }

  /// Its identity.
  var identity: String {
    switch self {
    case .history(_, let run): run.identity
    case .night(_, let report): report.identity
    case .run(let cell): cell.report.identity
    }
  }

  /// The keys of its cells; a single evaluation has one without a key.
  var keys: [String] {
    switch self {
    case .history(_, let run): run.cells.map(\.key)
    case .night(_, let report): report.cells.map(\.cell)
    case .run: []
    }
  }

  /// One cell of it.
  struct Cell {
    var examples: CellExamples
    var results: [ResultRecord]
    var datasetFingerprint: String
    var modelFingerprint: String
    /// Its folder, where it is still there: for the words of predictions.
    var folder: CellFolder?
  }

  /// The cell of that key; a single evaluation stands for any. nil where there is none, or it has no
  /// results.
  func cell(_ key: String) throws(DSXError) -> Cell? {
    switch self {
    case .history(let history, let run):
      guard let record = run.cells.first(where: { $0.key == key }), record.status != "failed" else {
        return nil
      }
      let folder = try record.folder.flatMap { (path) throws(DSXError) in
        try? CellFolder(FilePath.join(history.folder, path))
      }
      return Cell(
        examples: try history.examples(run: run.id, cell: key), results: record.results,
        datasetFingerprint: record.datasetFingerprint,
        modelFingerprint: record.modelFingerprint,
        folder: folder?.report.identity == record.identity ? folder : nil)
    case .night(let folder, let report):
      guard let cell = report.cells.first(where: { $0.cell == key }), cell.report != nil,
        let found = try CellFolder(FilePath.join(folder, cell.folder ?? key))
      else { return nil }
      return try Self.cell(found)
    case .run(let cell): return try Self.cell(cell)
    }
  }

  private static func cell(_ folder: CellFolder) throws(DSXError) -> Cell {
    Cell(
      examples: try folder.examples(), results: CellRecord.results(folder.report, heads: [:]),
      datasetFingerprint: folder.report.dataset["fingerprint"]?.string ?? "",
      modelFingerprint: folder.report.model["fingerprint"]?.string ?? "", folder: folder)
  }
}
