public import DSXCore

/// Edits and reference lengths that add.
public struct TERStatistics: MetricStatistics, VectorStatistics, TokenLossStatistics {
  /// Number of examples.
  public private(set) var count = 0
  /// Hypotheses and references that are not blank and have no token.
  public internal(set) var textsWithoutTokens = 0
  var references = ReferenceCounts()
  /// Edits to the closest reference.
  public private(set) var edits = 0
  /// Sum of the mean lengths of the examples' references.
  private var lengths = ExactSum()

  init() {}

  mutating func addExample(edits: Int, length: Double, references: Int) {
    count += 1
    self.edits += edits
    lengths.add(length)
    self.references.add(references)
  }

  /// Adds the numbers of other examples; counts above 2^61 are an error.
  public mutating func add(_ other: TERStatistics) throws(DSXError) {
    let (total, overflows) = count.addingReportingOverflow(other.count)
    let (edits, tooMany) = self.edits.addingReportingOverflow(other.edits)
    guard !overflows, !tooMany, total <= 1 << 61, edits <= 1 << 61 else {
      throw DSXError(.malformed, "counts above 2^61")
    }
    (count, self.edits) = (total, edits)
    textsWithoutTokens += other.textsWithoutTokens
    references.add(other.references)
    lengths.add(other.lengths)
  }

  /// Sum of the mean lengths of the examples' references.
  public var referenceLength: Double { lengths.value }

  /// Edits and reference length.
  public var components: [Double] { [Double(edits), lengths.value] }
  /// From edits and reference length.
  public init(components: [Double], count: Int) {
    self.count = count
    edits = components.first.flatMap { Int(exactly: $0) } ?? 0
    if components.count > 1 { lengths.add(components[1]) }
  }

  private enum CodingKeys: String, CodingKey {
    case count, textsWithoutTokens, references, edits, lengths
  }

  /// Reads what was stored; a negative number is an error.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    count = try container.decode(Int.self, forKey: .count)
    textsWithoutTokens = try container.decode(Int.self, forKey: .textsWithoutTokens)
    references = try container.decode(ReferenceCounts.self, forKey: .references)
    edits = try container.decode(Int.self, forKey: .edits)
    lengths = try container.decode(ExactSum.self, forKey: .lengths)
    guard (0...(1 << 61)).contains(count), (0...(1 << 61)).contains(textsWithoutTokens),
      (0...(1 << 61)).contains(edits), lengths.value >= 0
    else { throw DSXError(.malformed, "stored edits cannot be") }
  }
}
