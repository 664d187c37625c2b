internal import DSXCore

/// Beam search as transformers' `generate(num_beams:)` does it: each step keeps the `count` best
/// hypotheses by the sum of their log-probabilities; one that ends is set aside with its sum divided by
/// length ^ `lengthPenalty`. The length is that of the new ids, the ending one included.
public struct BeamOptions: Sendable, Hashable {
  /// When a search ends that could go on.
  public enum EarlyStopping: String, Sendable, CaseIterable {
    /// As soon as `count` hypotheses have ended (transformers' `True`).
    case always
    /// When the best running hypothesis, at its present length, is worse than all that have ended
    /// (transformers' `False`, its default).
    case heuristic
    /// When it could not become better than those at any length (transformers' `"never"`).
    case never
  }

  /// Hypotheses; at least 1.
  public var count: Int
  /// Above 0 longer texts are favoured, below 0 shorter ones.
  public var lengthPenalty: Double
  /// When a search ends that could go on.
  public var earlyStopping: EarlyStopping

  /// The options, with the defaults of transformers.
  public init(
    count: Int, lengthPenalty: Double = 1, earlyStopping: EarlyStopping = .heuristic
  ) {
    self.count = count
    self.lengthPenalty = lengthPenalty
    self.earlyStopping = earlyStopping
  }

  func check(vocabularySize: Int) throws(DSXError) {
    try GenerationOptions.require(
      (1...max(1, vocabularySize)).contains(count), "the number of beams",
      "between 1 and the vocabulary's \(vocabularySize)", count)
    try GenerationOptions.require(
      lengthPenalty.isFinite, "the length penalty", "a finite number", lengthPenalty)
  }
}
