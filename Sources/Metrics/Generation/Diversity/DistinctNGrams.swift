public import DSXCore

/// Distinct-n (J. Li et al., 2016): different n-grams / all n-grams of the hypotheses of the whole
/// corpus.
///
/// Exact: the statistics hold every different n-gram, so that their size grows with the corpus.
public struct DistinctNGrams: Metric {
  /// The order, 1 to 16.
  public let order: Int
  /// The tokenizer.
  public let tokenizer: MetricTokenizer
  private var pool: ScratchPool<TextWork>

  /// The metric.
  public init(_ order: Int = 2, tokenizer: MetricTokenizer = .chinese) {
    self.order = min(16, max(1, order))
    self.tokenizer = tokenizer
    pool = ScratchPool { TextWork(tokenizer) }
  }

  /// `distinct-2`, ...
  public var name: String { "distinct-\(order)" }
  /// true
  public var higherIsBetter: Bool { true }
  /// No example.
  public var zero: NGramSet { NGramSet() }
  /// Tokenizer and order.
  public var signature: String { "tok:\(tokenizer.name)|order:\(order)|average:corpus|version:1" }

  /// The same settings, with tables of its own.
  public func withOwnScratch() -> Self {
    var own = self
    own.pool = pool.fresh()
    return own
  }

  /// One hypothesis.
  public func statistics(of hypothesis: String) throws(DSXError) -> NGramSet {
    var one = zero
    try add(hypothesis, to: &one)
    return one
  }

  /// Adds one hypothesis.
  public func add(_ hypothesis: String, to statistics: inout NGramSet) throws(DSXError) {
    guard hypothesis.utf8.count <= TokenList.limit else {
      throw DSXError(.unsupported, "a text of more than \(TokenList.limit) bytes")
    }
    try pool.use { (work: TextWork) throws(DSXError) in
      work.list.removeAll()
      work.splitter.append(hypothesis, to: &work.list)
      statistics.addExample()
      let ranges = work.list.ranges
      guard ranges.count >= order else { return }
      for start in 0...(ranges.count - order) {
        var ngram: [UInt8] = []
        for place in ranges[start..<(start + order)] {
          ngram.append(contentsOf: work.list.bytes[Int(place.start)..<Int(place.end)])
          ngram.append(0)
        }
        statistics.insert(ngram)
      }
    }
  }

  /// The share, 0 to 1; nil without n-grams.
  public func score(from statistics: NGramSet) -> Double? {
    statistics.total > 0 ? Double(statistics.distinct) / Double(statistics.total) : nil
  }
  /// The share, and both numbers.
  public func scores(from statistics: NGramSet) -> [NamedScore] {
    [
      NamedScore(name, score(from: statistics)),
      NamedScore("distinct", Double(statistics.distinct)),
      NamedScore("total", Double(statistics.total)),
    ]
  }
}
