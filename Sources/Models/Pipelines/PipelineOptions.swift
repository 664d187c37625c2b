internal import DSXCore

/// How a pipeline works.
public struct PipelineOptions: Sendable {
  /// Inputs that are computed at once.
  public var batchSize: Int
  /// Threads and memory.
  public var compute: ComputeOptions
  /// What is done with an input that is longer than the model's context.
  public var onLong: LongInput
  /// How many labels a classification gives; nil: all of them.
  public var topK: Int?
  /// Text generation: how continuations are chosen.
  public var generation: GenerationOptions
  /// Text generation: whether the begin-of-text id goes first; nil: as the model's folder says.
  public var addsBOS: Bool?
  /// Question answering: how answers are looked for.
  public var spans: SpanOptions

  /// The options; the defaults are those of the command line.
  public init(
    batchSize: Int = 16, compute: ComputeOptions = ComputeOptions(), onLong: LongInput = .error,
    topK: Int? = nil, generation: GenerationOptions = GenerationOptions(), addsBOS: Bool? = nil,
    spans: SpanOptions = SpanOptions()
  ) {
    self.batchSize = batchSize
    self.compute = compute
    self.onLong = onLong
    self.topK = topK
    self.generation = generation
    self.addsBOS = addsBOS
    self.spans = spans
  }

  func check() throws(DSXError) {
    guard batchSize >= 1 else { throw DSXError(.usage, "the batch size must be at least 1") }
    guard topK ?? 1 >= 1 else { throw DSXError(.usage, "the number of labels must be at least 1") }
    guard compute.workers >= 1 else { throw DSXError(.usage, "the threads must be at least 1") }
  }
}
