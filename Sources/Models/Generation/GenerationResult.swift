/// Why a text ended.
public enum FinishReason: String, Sendable, CaseIterable {
  /// The model's end-of-text id came.
  case endOfText = "eos"
  /// A stop string or a stop id came.
  case stop
  /// The maximum of new ids is reached.
  case length
  /// The model's context is full.
  case context
  /// No id was left to choose (`noRepeatNGram` over a small vocabulary).
  case blocked
}

/// A finished text.
public struct GenerationResult: Sendable, Hashable {
  /// The number of its request.
  public var index: Int
  /// Number of the prompt's ids.
  public var promptTokens: Int
  /// The new ids; the last one is the id that ended the text, where one did.
  public var ids: [Int32]
  /// ln p(id | everything before it) for each new id, by the model alone: no penalty, temperature or
  /// selection. Their sum is what a `LikelihoodScorer` gives for the same ids.
  public var logProbabilities: [Double]
  /// The new text: `ids` decoded without special tokens, without the ending id and without the stop
  /// string and what came behind it.
  public var text: String
  /// Why it ended.
  public var finish: FinishReason
  /// Beam search: the sum of the hypothesis after penalties, divided by length ^ length penalty.
  public var beamScore: Double?

  /// A result.
  public init(
    index: Int, promptTokens: Int, ids: [Int32], logProbabilities: [Double], text: String,
    finish: FinishReason, beamScore: Double? = nil
  ) {
    self.index = index
    self.promptTokens = promptTokens
    self.ids = ids
    self.logProbabilities = logProbabilities
    self.text = text
    self.finish = finish
    self.beamScore = beamScore
  }
}
