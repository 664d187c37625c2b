public import Models

/// What a user can choose for one evaluation; what is nil is the task's or the model's own.
public struct EvaluationOptions: Sendable, Equatable {
  /// How a choice's loss is made.
  public var rule: ScoringRule?
  /// The begin-of-text id.
  public var bos: BOSChoice?
  /// Only the first so many examples.
  public var limit: Int?
  /// A seeded subset of so many examples, in the data's order.
  public var sample: Int?
  /// The seed of the subset.
  public var sampleSeed: UInt64
  /// The seed of demonstrations and candidates.
  public var seed: UInt64?
  /// Ids that each window after the first predicts; nil: the model's context.
  public var stride: Int?
  /// Number of demonstrations.
  public var fewShot: Int?
  /// Candidates of a row that was encoded already.
  public var candidates: Int?
  /// The most ids of a generated answer.
  public var maximumTokens: Int?
  /// What is done with a prompt that is longer than the model takes.
  public var onLong: LongInput?
  /// Metrics instead of the task's.
  public var metrics: [MetricChoice]
  /// More columns whose values make slices.
  public var by: [String]
  /// Ids in one batch, about. Another number may change scores by float32 rounding.
  public var batchTokens: Int
  /// Whether tokens that sequences have in common are computed once.
  public var sharesPrefixes: Bool
  /// The numbers that weights are multiplied in.
  public var computeType: ComputeType
  /// Bytes that may be used beyond the weights; nil: no limit.
  public var memoryLimit: Int?
  /// Threads; never changes a result.
  public var workers: Int
  /// Name and version of the tool, for the report.
  public var tool: String

  /// The ids of a batch unless the user says otherwise.
  public static let batchTokens = 16384

  /// Options; the defaults are those of the command line.
  public init(
    rule: ScoringRule? = nil, bos: BOSChoice? = nil, limit: Int? = nil, sample: Int? = nil,
    sampleSeed: UInt64 = 0, seed: UInt64? = nil, stride: Int? = nil, fewShot: Int? = nil,
    candidates: Int? = nil, maximumTokens: Int? = nil, onLong: LongInput? = nil,
    metrics: [MetricChoice] = [], by: [String] = [], batchTokens: Int = Self.batchTokens,
    sharesPrefixes: Bool = true, computeType: ComputeType = .float32, memoryLimit: Int? = nil,
    workers: Int = 1, tool: String = "dsx"
  ) {
    self.rule = rule
    self.bos = bos
    self.limit = limit
    self.sample = sample
    self.sampleSeed = sampleSeed
    self.seed = seed
    self.stride = stride
    self.fewShot = fewShot
    self.candidates = candidates
    self.maximumTokens = maximumTokens
    self.onLong = onLong
    self.metrics = metrics
    self.by = by
    self.batchTokens = batchTokens
    self.sharesPrefixes = sharesPrefixes
    self.computeType = computeType
    self.memoryLimit = memoryLimit
    self.workers = workers
    self.tool = tool
  }
}
