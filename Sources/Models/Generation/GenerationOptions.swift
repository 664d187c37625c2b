public import DSXCore

/// How a text is continued: which id is taken at each step, and when it ends.
///
/// One step works as transformers' `generate` (5.23) does, in this order: repetition penalty,
/// no-repeat n-grams, minimum of new tokens; then for sampling temperature, top-k, top-p, min-p and one
/// draw; for greedy the largest logit, the lowest id on ties; for beams see `BeamOptions`.
public struct GenerationOptions: Sendable, Hashable {
  /// How the next id is taken.
  public enum Strategy: Sendable, Hashable {
    /// The most likely id; the lowest one on ties.
    case greedy
    /// One draw from the distribution.
    case sample(SamplingOptions)
    /// The best of several hypotheses.
    case beams(BeamOptions)
  }

  /// How the next id is taken.
  public var strategy: Strategy
  /// New ids at most; at least 1.
  public var maxNewTokens: Int
  /// No end-of-text and no stop id before so many new ids.
  public var minNewTokens: Int
  /// Scores of ids that the prompt or the new text holds already are divided by it where positive and
  /// multiplied where negative (CTRL, arXiv:1909.05858); 1: off.
  public var repetitionPenalty: Double
  /// No run of so many ids comes twice, the prompt included; 0: off.
  public var noRepeatNGram: Int
  /// The text ends before the first of these.
  public var stopStrings: [String]
  /// Ids that end the text, besides the model's end-of-text id.
  public var stopIDs: [Int32]
  /// Whether the model's end-of-text id ends the text.
  public var stopsAtEndOfText: Bool

  /// The options. Greedy and up to 128 new ids unless something else is said.
  public init(
    strategy: Strategy = .greedy, maxNewTokens: Int = 128, minNewTokens: Int = 0,
    repetitionPenalty: Double = 1, noRepeatNGram: Int = 0, stopStrings: [String] = [],
    stopIDs: [Int32] = [], stopsAtEndOfText: Bool = true
  ) {
    self.strategy = strategy
    self.maxNewTokens = maxNewTokens
    self.minNewTokens = minNewTokens
    self.repetitionPenalty = repetitionPenalty
    self.noRepeatNGram = noRepeatNGram
    self.stopStrings = stopStrings
    self.stopIDs = stopIDs
    self.stopsAtEndOfText = stopsAtEndOfText
  }

  /// Whether scores are changed before an id is chosen, whatever the strategy.
  var changesScores: Bool { repetitionPenalty != 1 || noRepeatNGram > 0 || minNewTokens > 0 }

  /// Throws `usage` for a value outside of its range, and for a stop id that the model does not have.
  public func check(vocabularySize: Int) throws(DSXError) {
    try Self.require(maxNewTokens >= 1, "the number of new tokens", "at least 1", maxNewTokens)
    try Self.require(
      (0...maxNewTokens).contains(minNewTokens), "the minimum of new tokens",
      "between 0 and the maximum of \(maxNewTokens)", minNewTokens)
    try Self.require(
      repetitionPenalty > 0 && repetitionPenalty.isFinite, "the repetition penalty", "above 0",
      repetitionPenalty)
    try Self.require(
      noRepeatNGram >= 0, "the length of n-grams that may not repeat", "at least 0", noRepeatNGram)
    for text in stopStrings where text.utf8.isEmpty {
      throw DSXError(.usage, "a stop string is empty", hint: "an empty text would stop at once")
    }
    for id in stopIDs where id < 0 || Int(id) >= vocabularySize {
      throw DSXError(
        .usage, "the stop id \(id) is outside of the vocabulary of \(vocabularySize)",
        hint: "ids are 0 to \(vocabularySize - 1)")
    }
    switch strategy {
    case .greedy: break
    case .sample(let options): try options.check()
    case .beams(let options): try options.check(vocabularySize: vocabularySize)
    }
  }

  static func require(
    _ holds: Bool, _ name: String, _ range: String, _ value: some CustomStringConvertible
  ) throws(DSXError) {
    guard !holds else { return }
    throw DSXError(.usage, "\(name) must be \(range), not \(value)")
  }
}
