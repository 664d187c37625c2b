public import DSXCore

/// The n-grams of a corpus as a set, and how many there were.
public struct NGramSet: MetricStatistics {
  /// Number of examples.
  public private(set) var count = 0
  /// n-grams with repetitions.
  public private(set) var total = 0
  /// Different n-grams: their tokens, each with a zero byte behind.
  private(set) var members: Set<[UInt8]> = []

  init() {}

  /// Number of different n-grams.
  public var distinct: Int { members.count }

  mutating func addExample() { count += 1 }
  mutating func insert(_ ngram: [UInt8]) {
    total += 1
    members.insert(ngram)
  }

  /// Adds the n-grams of other examples.
  public mutating func add(_ other: NGramSet) throws(DSXError) {
    let (sum, overflows) = total.addingReportingOverflow(other.total)
    guard !overflows, sum <= 1 << 61, count <= 1 << 61, other.count <= 1 << 61 else {
      throw DSXError(.malformed, "counts above 2^61")
    }
    total = sum
    count += other.count
    members.formUnion(other.members)
  }

  private enum CodingKeys: String, CodingKey { case count, total, members }

  /// Writes the n-grams in the order of their bytes: the same bytes for the same set.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(count, forKey: .count)
    try container.encode(total, forKey: .total)
    let sorted = members.sorted { $0.lexicographicallyPrecedes($1) }
    try container.encode(
      sorted.map { String(decoding: $0, as: UTF8.self) }, forKey: .members)
  }

  /// Reads what was stored; counts that cannot be are an error.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    count = try container.decode(Int.self, forKey: .count)
    total = try container.decode(Int.self, forKey: .total)
    members = Set(try container.decode([String].self, forKey: .members).map { Array($0.utf8) })
    guard (0...(1 << 61)).contains(count), (0...(1 << 61)).contains(total), members.count <= total
    else { throw DSXError(.malformed, "stored n-grams cannot be") }
  }
}

/// Distinct-n (J. Li et al., 2016): different n-grams / all n-grams of the hypotheses of the whole
/// corpus.
///
/// Exact: the statistics hold every different n-gram, so that their size grows with the corpus.
public struct DistinctNGrams: Metric {
  /// The order, 1 to 16.
  public let order: Int
  /// The tokenizer.
  public let tokenizer: MetricTokenizer
  private let pool: ScratchPool<TextWork>

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
