/// How a model computes. None of it changes a result beyond float32 rounding but `elementType`.
public struct ComputeOptions: Sendable, Equatable {
  /// Threads; each runs single-threaded BLAS over its own group of sequences.
  public var workers: Int
  /// Whether tokens that several sequences begin with are computed once. Off, a session also rounds each
  /// prompt as if it was alone, as long as those that start together have 96 tokens at most.
  public var sharesPrefixes: Bool
  /// Bytes that may be used beyond the weights, over all workers; nil: no limit. A batch that does not
  /// fit is computed in smaller groups; a sequence that does not fit alone is an error before it runs.
  public var memoryLimit: Int?

  /// The options.
  public init(workers: Int = 1, sharesPrefixes: Bool = true, memoryLimit: Int? = nil) {
    self.workers = workers
    self.sharesPrefixes = sharesPrefixes
    self.memoryLimit = memoryLimit
  }
}

/// What was computed and what was asked for, for reports: their ratio is what prefix reuse saved.
public struct ComputeTally: Sendable, Equatable {
  /// Tokens of all sequences, as if each was computed alone.
  public var requestedTokens = 0
  /// Tokens that went through the layers.
  public var computedTokens = 0
  /// Rows that went through the vocabulary's matrix.
  public var logitRows = 0

  /// Nothing yet.
  public init() {}
}

/// The numbers that weights are multiplied in.
public enum ComputeType: String, CaseIterable, Sendable {
  /// IEEE single precision: the default.
  case float32 = "f32"
  /// Weights and inputs of linear layers rounded to bfloat16, sums in float32: faster, and scores
  /// move in the third or fourth digit.
  case bfloat16 = "bf16"
}
