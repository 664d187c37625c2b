/// One model on one data set in one run.
public struct CellRecord: Sendable {
  /// Its key, unique in the run: `MODEL--DATASET`, with more parts where that is not enough.
  public var key: String
  /// The model's name.
  public var model: String
  /// The model's fingerprint.
  public var modelFingerprint: String
  /// The data set's name.
  public var dataset: String
  /// Version, subset and split.
  public var version: String
  /// The subset.
  public var subset: String
  /// The split.
  public var split: String
  /// The fingerprint of the split's files.
  public var datasetFingerprint: String
  /// The task's name.
  public var task: String
  /// SHA-256 over all that decides its numbers.
  public var identity: String
  /// `complete`, `incomplete` (some examples failed) or `failed` (no results).
  public var status: String
  /// Examples asked for; nil when nothing was evaluated.
  public var requested: Int?
  /// Examples evaluated.
  public var succeeded: Int?
  /// Examples that failed.
  public var failed: Int?
  /// Examples left out on purpose.
  public var skipped: Int?
  /// How long it took.
  public var seconds: Double?
  /// Its folder, relative to the history's folder where it lies below it.
  public var folder: String?
  /// Its metrics.
  public var results: [ResultRecord] = []
  /// Its examples; empty where they are not kept.
  public var examples: [ExampleRecord] = []

  /// A cell.
  public init(
    key: String, model: String, modelFingerprint: String, dataset: String, version: String,
    subset: String, split: String, datasetFingerprint: String, task: String, identity: String,
    status: String
  ) {
    self.key = key
    self.model = model
    self.modelFingerprint = modelFingerprint
    self.dataset = dataset
    self.version = version
    self.subset = subset
    self.split = split
    self.datasetFingerprint = datasetFingerprint
    self.task = task
    self.identity = identity
    self.status = status
  }
}
