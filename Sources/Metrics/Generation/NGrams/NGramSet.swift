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
