internal import DSXCore
internal import Models

/// How a language model is asked in one run.
struct LanguageSettings {
  let model: LoadedModel
  /// The id before every text, or nil.
  let bos: Int32?
  /// Positions to use at once.
  let context: Int
  let onLong: LongInput
  /// Ids in one batch, about.
  let batchTokens: Int
  let compute: ComputeOptions
  /// Whether the scorer says what greedy decoding gives.
  let hasGreedy: Bool

  /// A scorer for one unit of work. Every unit has one of its own, so that its numbers do not depend
  /// on the units before it, and a run that goes on gives the bits of one that was never stopped.
  func makeScorer() throws(DSXError) -> any LikelihoodScorer {
    try model.model.makeScorer(compute)
  }

  /// A generation session for one batch.
  func makeSession() throws(DSXError) -> any GenerationSession {
    try model.model.makeSession(compute)
  }
}
