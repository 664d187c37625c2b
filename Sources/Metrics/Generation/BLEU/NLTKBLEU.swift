public import DSXCore

/// BLEU of a corpus as `nltk.translate.bleu_score.corpus_bleu` 3.10.4 gives it, 0 to 1.
///
/// It differs from sacrebleu's in that a sentence too short for an order still counts one n-gram of
/// it, and in its smoothing. Methods 5 to 7 look at single sentences and are for `NLTKSentenceBLEU`
/// only.
public struct NLTKBLEU: Metric {
  /// Its settings.
  public let options: NLTKBLEUOptions
  private var pool: ScratchPool<TextWork>

  /// The metric; methods 5 to 7 are errors.
  public init(_ options: NLTKBLEUOptions = NLTKBLEUOptions()) throws(DSXError) {
    guard options.method < 5 else {
      throw DSXError(
        .usage, "NLTK's smoothing method \(options.method) is not defined for a corpus",
        hint: "use a method from 0 to 4, or nltk-sentence-bleu")
    }
    self.options = options
    let tokenizer = options.tokenizer
    pool = ScratchPool { TextWork(tokenizer) }
  }

  /// `nltk-bleu`.
  public var name: String { "nltk-bleu" }
  /// true
  public var higherIsBetter: Bool { true }
  /// No example.
  public var zero: TextCounts { TextCounts(width: BLEUCounts.width(options.maxOrder)) }
  /// Tokenizer, smoothing and order, as for one reference an example.
  public var signature: String { options.signature("1", "corpus") }
  /// The same with the number of references.
  public func signature(from statistics: TextCounts) -> String {
    options.signature(statistics.references.text, "corpus")
  }

  /// The same settings, with tables of its own.
  public func withOwnScratch() -> Self {
    var own = self
    own.pool = pool.fresh()
    return own
  }

  /// One example. No reference, or only null ones, is an error.
  public func statistics(of example: TextExample) throws(DSXError) -> TextCounts {
    let references = try example.presentReferences()
    var one = zero
    one.addExample(references: references.count)
    try pool.use { (work: TextWork) throws(DSXError) in
      work.read(example.hypothesis, references)
      one.textsWithoutTokens = work.emptied
      one.values.withUnsafeMutableBufferPointer { values in
        guard let base = values.baseAddress else { return }
        Self.count(work, references.count, options.maxOrder, into: base)
      }
    }
    return one
  }

  /// As sacrebleu's counts, but at least one n-gram of every order.
  static func count(
    _ work: TextWork, _ references: Int, _ order: Int, into values: UnsafeMutablePointer<Int>
  ) {
    BLEU.count(work, references, order, into: values)
    for index in 0..<order { values[2 + order + index] = max(1, values[2 + order + index]) }
  }

  /// 0 to 1; nil without examples.
  public func score(from statistics: TextCounts) -> Double? {
    let order = options.maxOrder
    guard statistics.count > 0, statistics.values.count == BLEUCounts.width(order) else {
      return nil
    }
    let counts = BLEUCounts(statistics.values[...], order: order)
    return try? NLTKSmoothing.score(
      method: options.method, matches: counts.matches, totals: counts.totals,
      hypothesisLength: counts.hypothesisLength, referenceLength: counts.referenceLength,
      weights: options.weights)
  }
}
