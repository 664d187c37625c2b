public import DSXCore

/// One run as the history keeps it: a night of a recipe, or one `dsx eval`.
public struct RunRecord: Sendable {
  /// Its name, unique in the history: `nightly-2026-11-21`.
  public var id: String
  /// The recipe's name; `eval` for a single evaluation.
  public var recipe: String
  /// SHA-256 of what the recipe says.
  public var recipeHash: String?
  /// When it began, ISO 8601 in UTC.
  public var started: String
  /// How long it took.
  public var seconds: Double?
  /// Name and version of the program.
  public var tool: String
  /// `passed`, `failed` or `incomplete`.
  public var verdict: String
  /// The verdict in a few words.
  public var headline: String
  /// The exit code.
  public var exitCode: Int
  /// The run that it was compared with.
  public var baseline: String?
  /// SHA-256 over all that decides its numbers.
  public var identity: String
  /// Its folder, relative to the history's folder where it lies below it.
  public var folder: String?
  /// The machine.
  public var host: String?
  /// Its cells; empty in lists of runs.
  public var cells: [CellRecord] = []
  /// Its gates; empty in lists of runs.
  public var gates: [GateRecord] = []
  /// The files of its folder.
  public var artifacts: [Artifact] = []

  /// A run.
  public init(
    id: String, recipe: String, recipeHash: String? = nil, started: String,
    seconds: Double? = nil, tool: String, verdict: String, headline: String = "",
    exitCode: Int = 0, baseline: String? = nil, identity: String, folder: String? = nil,
    host: String? = nil
  ) {
    self.id = id
    self.recipe = recipe
    self.recipeHash = recipeHash
    self.started = started
    self.seconds = seconds
    self.tool = tool
    self.verdict = verdict
    self.headline = headline
    self.exitCode = exitCode
    self.baseline = baseline
    self.identity = identity
    self.folder = folder
    self.host = host
  }

  /// Whether later runs may be compared with it: everything was there and no required gate failed.
  public var isGreen: Bool { verdict == RunVerdict.Status.passed.rawValue }

  /// A file of a run's folder.
  public struct Artifact: Sendable, Equatable {
    /// Its path inside the folder.
    public var path: String
    /// Its size.
    public var bytes: Int
    /// Its SHA-256.
    public var sha256: String

    /// A file.
    public init(path: String, bytes: Int, sha256: String) {
      self.path = path
      self.bytes = bytes
      self.sha256 = sha256
    }
  }
}

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

/// One metric of a cell.
public struct ResultRecord: Sendable, Equatable {
  /// Its key in reports.
  public var metric: String
  /// The score; nil when it is not defined.
  public var value: Double?
  /// Its standard error.
  public var standardError: Double?
  /// The interval's lower end.
  public var low: Double?
  /// The interval's upper end.
  public var high: Double?
  /// Number of examples.
  public var count: Int?
  /// The unit.
  public var unit: String
  /// Whether larger is better.
  public var higherIsBetter: Bool
  /// The signature.
  public var signature: String
  /// The metric's entry in the head of the examples' file; nil where no examples are kept.
  public var head: JSONValue?

  /// A result.
  public init(
    metric: String, value: Double?, standardError: Double? = nil, low: Double? = nil,
    high: Double? = nil, count: Int? = nil, unit: String, higherIsBetter: Bool,
    signature: String, head: JSONValue? = nil
  ) {
    self.metric = metric
    self.value = value
    self.standardError = standardError
    self.low = low
    self.high = high
    self.count = count
    self.unit = unit
    self.higherIsBetter = higherIsBetter
    self.signature = signature
    self.head = head
  }
}

/// One example of a cell.
public struct ExampleRecord: Sendable {
  /// Its id as JSON text.
  public var id: String
  /// Its cluster.
  public var cluster: String?
  /// Its slice.
  public var slice: String?
  /// The hash of what the model saw.
  public var inputHash: String?
  /// SHA-256 of the prediction.
  public var predictionHash: String?
  /// For each metric of the cell that keeps examples: score and statistics as JSON text.
  public var scores: [(score: Double?, statistics: String)]

  /// An example.
  public init(
    id: String, cluster: String? = nil, slice: String? = nil, inputHash: String? = nil,
    predictionHash: String? = nil, scores: [(score: Double?, statistics: String)] = []
  ) {
    self.id = id
    self.cluster = cluster
    self.slice = slice
    self.inputHash = inputHash
    self.predictionHash = predictionHash
    self.scores = scores
  }
}

/// One gate as the history keeps it.
public struct GateRecord: Sendable, Equatable {
  /// The cell's key.
  public var cell: String
  /// The model's name.
  public var model: String
  /// The data set's name.
  public var dataset: String
  /// The metric's key.
  public var metric: String
  /// `better`, `same`, `worse`, `cannot-tell`.
  public var outcome: String
  /// Whether it let the run pass.
  public var passed: Bool
  /// Whether the run fails with it.
  public var isRequired: Bool
  /// How it was tested.
  public var test: String?
  /// Common examples.
  public var examples: Int?
  /// What was resampled.
  public var units: Int?
  /// The baseline's score on the common examples.
  public var baseline: Double?
  /// The run's score on them.
  public var value: Double?
  /// value - baseline, with its interval and standard error.
  public var difference: Double?
  /// The interval's lower end.
  public var low: Double?
  /// The interval's upper end.
  public var high: Double?
  /// The standard error.
  public var standardError: Double?
  /// The p-value.
  public var pValue: Double?
  /// The p-value corrected for the run's other gates.
  public var adjusted: Double?
  /// The smallest change that the gate finds in 4 of 5 runs.
  public var detectable: Double?
  /// Examples that got better, and worse.
  public var gains: Int?
  /// Examples that got worse.
  public var losses: Int?
  /// The spread of a unit's contribution (`ChangeSpread`).
  public var variance: Double?
  /// The typical size of a unit's contribution (`ChangeSpread`).
  public var size: Double?
  /// What the spread is that of: units, or blocks of them.
  public var resampled: Int?
  /// Why.
  public var reason: String
}

extension GateRecord {
  /// What the history keeps of a result.
  public init(_ result: GateResult) {
    let (question, evidence) = (result.question, result.question.evidence)
    self.init(
      cell: question.cell, model: question.model, dataset: question.dataset,
      metric: question.rule.metric, outcome: result.outcome.rawValue, passed: result.passed,
      isRequired: question.rule.isRequired, test: evidence?.method, examples: evidence?.examples,
      units: evidence?.units, baseline: evidence?.baseline,
      value: evidence?.value ?? question.value, difference: evidence?.difference,
      low: evidence?.interval?.low, high: evidence?.interval?.high,
      standardError: evidence?.standardError, pValue: evidence?.pValue,
      adjusted: result.adjusted, detectable: result.detectable, gains: evidence?.gains,
      losses: evidence?.losses, variance: evidence?.spread?.variance,
      size: evidence?.spread?.size, resampled: evidence?.spread?.units, reason: result.reason)
  }
}
