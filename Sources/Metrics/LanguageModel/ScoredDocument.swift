internal import DSXCore

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

extension ScoredDocument {
  /// What perplexities read of a row.
  static let columns = [
    MetricColumn(
      "log-likelihood", .number, also: ["log_likelihood", "loglikelihood", "logprob"],
      "sum of the log-likelihoods of the text's tokens, natural logarithm"),
    MetricColumn("text", .text, isOptional: true, "the text: its words and bytes are counted"),
    MetricColumn(
      "tokens", .number, isOptional: true, also: ["num_tokens", "token_count"],
      "number of tokens; needed by token-perplexity"),
    MetricColumn(
      "words", .number, isOptional: true, also: ["num_words", "word_count"],
      "number of words, where there is no text"),
    MetricColumn(
      "bytes", .number, isOptional: true, also: ["num_bytes", "byte_count"],
      "number of UTF-8 bytes, where there is no text"),
  ]

  /// A document from a row: words and bytes are counted in the text unless they are given.
  init(_ row: MetricRow) throws(DSXError) {
    let text = row.has("text") ? try row.text("text") : nil
    let words = row.has("words") ? try row.integer("words") : text.map(WordCount.words(in:))
    let bytes = row.has("bytes") ? try row.integer("bytes") : text?.utf8.count
    let likelihood = try row.number("log-likelihood")
    let tokens = row.has("tokens") ? try row.integer("tokens") : nil
    guard tokens != nil || words != nil || bytes != nil else {
      throw DSXError(
        .malformed, "the example has no text and no tokens, words or bytes",
        hint: "a perplexity needs the number of units that it counts by")
    }
    self.init(
      negativeLogLikelihood: -likelihood, tokens: tokens ?? max(1, words ?? bytes ?? 1),
      words: words ?? 0, bytes: bytes ?? 0)
  }
}
