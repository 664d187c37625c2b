public import DSXCore

/// The mean over the examples of `nltk.translate.bleu_score.sentence_bleu` 3.10.4, 0 to 1.
public struct NLTKSentenceBLEU: Metric {
  /// Its settings.
  public let options: NLTKBLEUOptions
  private var pool: ScratchPool<TextWork>

  /// The metric.
  public init(_ options: NLTKBLEUOptions = NLTKBLEUOptions(tokenizer: .character)) {
    self.options = options
    let tokenizer = options.tokenizer
    pool = ScratchPool { TextWork(tokenizer) }
  }

  /// `nltk-sentence-bleu`.
  public var name: String { "nltk-sentence-bleu" }
  /// true
  public var higherIsBetter: Bool { true }
  /// true
  public var hasAnalyticError: Bool { true }
  /// No example.
  public var zero: TextMeans { TextMeans(width: 1) }
  /// Tokenizer, smoothing and order, as for one reference an example.
  public var signature: String { options.signature("1", "examples") }
  /// The same with the number of references.
  public func signature(from statistics: TextMeans) -> String {
    options.signature(statistics.references.text, "examples")
  }

  /// The same settings, with tables of its own.
  public func withOwnScratch() -> Self {
    var own = self
    own.pool = pool.fresh()
    return own
  }

  /// One example. No reference, or only null ones, is an error; method 6 also refuses an example
  /// without a matched 3-gram, as NLTK does.
  public func statistics(of example: TextExample) throws(DSXError) -> TextMeans {
    let references = try example.presentReferences()
    var one = zero
    try pool.use { (work: TextWork) throws(DSXError) in
      work.read(example.hypothesis, references)
      one.textsWithoutTokens = work.emptied
      one.addExample(
        [try Self.score(work, references.count, options)], references: references.count)
    }
    return one
  }

  /// The score of the example that was read.
  static func score(
    _ work: TextWork, _ references: Int, _ options: NLTKBLEUOptions
  ) throws(DSXError) -> Double {
    let order = options.maxOrder + 1
    var values = [Int](repeating: 0, count: BLEUCounts.width(order))
    values.withUnsafeMutableBufferPointer { values in
      guard let base = values.baseAddress else { return }
      NLTKBLEU.count(work, references, order, into: base)
    }
    let counts = BLEUCounts(values[...], order: order)
    return try NLTKSmoothing.score(
      method: options.method, matches: counts.matches, totals: counts.totals,
      hypothesisLength: counts.hypothesisLength, referenceLength: counts.referenceLength,
      weights: options.weights)
  }

  /// The mean, 0 to 1; nil without examples.
  public func score(from statistics: TextMeans) -> Double? { statistics.mean() }
  /// The deviation of the examples' scores over the root of n.
  public func standardError(from statistics: TextMeans) -> StandardError? {
    statistics.standardError
  }
}
