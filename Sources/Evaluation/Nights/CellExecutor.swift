public import DSXCore

/// What is known of a cell before it is evaluated.
public struct CellFacts: Sendable {
  /// SHA-256 over all that decides its numbers: model, data, task, settings, program.
  public var identity: String
  /// Fingerprints and names for the history.
  public var modelFingerprint: String
  /// The fingerprint of the split's files.
  public var datasetFingerprint: String
  /// The data set's own name, version, subset and split.
  public var dataset: String
  /// The version.
  public var version: String
  /// The subset.
  public var subset: String
  /// The split.
  public var split: String
  /// The task's name.
  public var task: String
  /// Examples that the selection holds; nil when not known before.
  public var examples: Int?
  /// The metrics' keys.
  public var metrics: [String]

  /// Facts.
  public init(
    identity: String, modelFingerprint: String, datasetFingerprint: String, dataset: String,
    version: String, subset: String, split: String, task: String, examples: Int?,
    metrics: [String]
  ) {
    self.identity = identity
    self.modelFingerprint = modelFingerprint
    self.datasetFingerprint = datasetFingerprint
    self.dataset = dataset
    self.version = version
    self.subset = subset
    self.split = split
    self.task = task
    self.examples = examples
    self.metrics = metrics
  }
}

/// What evaluates the cells of a recipe: the task runner, or a stand-in in tests.
///
/// A cell's folder holds, when it is done: `report.json` of kind `run`, `predictions.jsonl`, and the
/// examples' file (`CellFolder.examplesName`).
public protocol CellExecutor {
  /// What decides the cell's numbers. Throws `usage` and `unknownName` for what the recipe gets wrong,
  /// other errors for what is missing or broken tonight.
  func facts(_ cell: RecipeCell, _ recipe: Recipe) throws(DSXError) -> CellFacts
  /// Evaluates the cell into a folder, and goes on where an earlier try of the same identity stopped.
  func run(
    _ cell: RecipeCell, _ facts: CellFacts, _ recipe: Recipe, into folder: String, workers: Int,
    progress: any ProgressSink
  ) throws(DSXError)
}
