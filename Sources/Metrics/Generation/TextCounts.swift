public import DSXCore

/// Whole numbers that add: the statistics of BLEU, chrF and the error rates.
public struct TextCounts: MetricStatistics, VectorStatistics, TokenLossStatistics {
  /// Number of examples.
  public private(set) var count = 0
  /// Hypotheses and references that are not blank and have no token.
  public internal(set) var textsWithoutTokens = 0
  var references = ReferenceCounts()
  /// The numbers; the metric says what each is.
  public internal(set) var values: [Int]

  init(width: Int) { values = [Int](repeating: 0, count: width) }

  /// Counts one example, whose numbers the caller adds to `values`.
  mutating func addExample(references: Int) {
    count += 1
    self.references.add(references)
  }

  /// Adds the counts of other examples. Counts of another number are an error, and so is a sum
  /// above 2^61.
  public mutating func add(_ other: TextCounts) throws(DSXError) {
    guard values.count == other.values.count else {
      throw DSXError(
        .malformed, "\(other.values.count) counts cannot be added to \(values.count)",
        hint: "statistics add only when they were made with the same settings")
    }
    for index in values.indices { values[index] = try Self.sum(values[index], other.values[index]) }
    count = try Self.sum(count, other.count)
    textsWithoutTokens = try Self.sum(textsWithoutTokens, other.textsWithoutTokens)
    references.add(other.references)
  }

  private static func sum(_ left: Int, _ right: Int) throws(DSXError) -> Int {
    let (sum, overflows) = left.addingReportingOverflow(right)
    guard !overflows, sum <= 1 << 61 else { throw DSXError(.malformed, "counts above 2^61") }
    return sum
  }

  /// The numbers.
  public var components: [Double] { values.map(Double.init) }
  /// From numbers that are whole; others are taken as 0.
  public init(components: [Double], count: Int) {
    self.count = count
    values = components.map { Int(exactly: $0) ?? 0 }
  }

  private enum CodingKeys: String, CodingKey { case count, textsWithoutTokens, references, values }

  /// Reads what was stored; a negative number is an error.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    count = try container.decode(Int.self, forKey: .count)
    textsWithoutTokens = try container.decode(Int.self, forKey: .textsWithoutTokens)
    references = try container.decode(ReferenceCounts.self, forKey: .references)
    values = try container.decode([Int].self, forKey: .values)
    guard count >= 0, textsWithoutTokens >= 0, values.allSatisfy({ $0 >= 0 && $0 <= 1 << 61 }),
      references.least >= 0, references.most >= references.least
    else { throw DSXError(.malformed, "stored counts are below 0 or above 2^61") }
  }
}
