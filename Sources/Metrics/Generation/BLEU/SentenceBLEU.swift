public import DSXCore

/// The mean over the examples of sacrebleu's sentence BLEU, in percent. Its default leaves out the
/// orders that a sentence is too short for.
public struct SentenceBLEU: Metric {
  private let bleu: BLEU

  /// The metric.
  public init(_ options: BLEUOptions = BLEUOptions(usesEffectiveOrder: true)) {
    bleu = BLEU(options)
  }

  /// `sentence-bleu`.
  public var name: String { "sentence-bleu" }
  /// true
  public var higherIsBetter: Bool { true }
  /// true
  public var hasAnalyticError: Bool { true }
  /// No example.
  public var zero: TextMeans { TextMeans(width: 1) }
  /// sacrebleu's, and that the examples' scores are averaged.
  public var signature: String { bleu.signature + "|average:examples" }
  /// The same with the number of references.
  public func signature(from statistics: TextMeans) -> String {
    var counts = bleu.zero
    counts.references = statistics.references
    return (bleu.options.tokenizer == nil ? bleu.signature : bleu.signature(from: counts))
      + "|average:examples"
  }

  /// The score of one example with its parts: sacrebleu's `sentence_score`.
  public func details(of example: TextExample) throws(DSXError) -> BLEUScore {
    bleu.details(from: try bleu.statistics(of: example))
  }

  /// One example. No reference, or only null ones, is an error.
  public func statistics(of example: TextExample) throws(DSXError) -> TextMeans {
    let counts = try bleu.statistics(of: example)
    var one = zero
    one.textsWithoutTokens = counts.textsWithoutTokens
    one.addExample([bleu.details(from: counts).score], references: counts.references.most)
    return one
  }

  /// The mean in percent; nil without examples.
  public func score(from statistics: TextMeans) -> Double? { statistics.mean() }
  /// The deviation of the examples' scores over the root of n.
  public func standardError(from statistics: TextMeans) -> StandardError? {
    statistics.standardError
  }
}
