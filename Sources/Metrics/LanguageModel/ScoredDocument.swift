/// What perplexities take from one document.
public struct ScoredDocument: Sendable, Equatable {
  /// Minus the sum of the log-likelihoods of its tokens, natural logarithm.
  public var negativeLogLikelihood: Double
  /// Number of tokens that were scored.
  public var tokens: Int
  /// Number of words, `WordCount.words(in:)`.
  public var words: Int
  /// Number of UTF-8 bytes.
  public var bytes: Int

  /// A document with its counts.
  public init(negativeLogLikelihood: Double, tokens: Int, words: Int, bytes: Int) {
    self.negativeLogLikelihood = negativeLogLikelihood
    self.tokens = tokens
    self.words = words
    self.bytes = bytes
  }

  /// A document whose words and bytes are counted here.
  public init(negativeLogLikelihood: Double, tokens: Int, text: String) {
    self.init(
      negativeLogLikelihood: negativeLogLikelihood, tokens: tokens,
      words: WordCount.words(in: text), bytes: text.utf8.count)
  }
}

/// What a perplexity counts by.
public enum TextUnit: String, Sendable, CaseIterable {
  /// The model's tokens: comparable for one vocabulary only.
  case token
  /// Words by white space, as lm-eval.
  case word
  /// UTF-8 bytes: comparable for all models.
  case byte
}
