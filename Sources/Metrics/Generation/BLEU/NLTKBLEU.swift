public import DSXCore

/// Settings of BLEU in NLTK's form.
public struct NLTKBLEUOptions: Sendable {
  /// The tokenizer.
  public var tokenizer: MetricTokenizer
  /// NLTK's smoothing method, 0 to 7.
  public var method: Int
  /// The highest order, 1 to 16; all orders weigh the same.
  public var maxOrder: Int

  /// Settings; the defaults are ModelScope's bleu-4.
  public init(
    tokenizer: MetricTokenizer = .rebuiltChinese, method: Int = 3, maxOrder: Int = 4
  ) {
    self.tokenizer = tokenizer
    self.method = min(7, max(0, method))
    self.maxOrder = min(16, max(1, maxOrder))
  }

  var weights: [Double] { [Double](repeating: 1 / Double(maxOrder), count: maxOrder) }

  func signature(_ references: String, _ average: String) -> String {
    "nrefs:\(references)|tok:\(tokenizer.name)|smooth:method\(method)|order:\(maxOrder)"
      + "|average:\(average)|version:1"
  }
}

/// BLEU of a corpus as `nltk.translate.bleu_score.corpus_bleu` 3.10.4 gives it, 0 to 1.
///
/// It differs from sacrebleu's in that a sentence too short for an order still counts one n-gram of
/// it, and in its smoothing. Methods 5 to 7 look at single sentences and are for `NLTKSentenceBLEU`
/// only.
public struct NLTKBLEU: Metric {
  /// Its settings.
  public let options: NLTKBLEUOptions
  private let pool: ScratchPool<TextWork>

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

/// The mean over the examples of `nltk.translate.bleu_score.sentence_bleu` 3.10.4, 0 to 1.
public struct NLTKSentenceBLEU: Metric {
  /// Its settings.
  public let options: NLTKBLEUOptions
  private let pool: ScratchPool<TextWork>

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
