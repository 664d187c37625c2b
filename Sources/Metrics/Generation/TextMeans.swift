public import DSXCore

/// Sums of per-example scores, without rounding: the statistics of metrics that are means over
/// examples.
public struct TextMeans: MeanOfExamples, VectorStatistics, TokenLossStatistics {
  /// Number of examples.
  public private(set) var count = 0
  /// Hypotheses and references that are not blank and have no token.
  public internal(set) var textsWithoutTokens = 0
  var references = ReferenceCounts()
  /// One sum a score, the main one first, and at last the sum of the main one's squares.
  private(set) var sums: [ExactSum]

  init(width: Int) { sums = [ExactSum](repeating: ExactSum(), count: width + 1) }

  /// Adds the scores of one example; they must be as many as the width.
  mutating func addExample(_ scores: [Double], references: Int) {
    count += 1
    self.references.add(references)
    for (index, score) in scores.enumerated() where index < sums.count - 1 {
      sums[index].add(score)
    }
    let main = scores.first ?? 0
    sums[sums.count - 1].add(product: main, main)
  }

  /// Adds the sums of other examples. Another number of sums is an error.
  public mutating func add(_ other: TextMeans) throws(DSXError) {
    guard sums.count == other.sums.count else {
      throw DSXError(
        .malformed, "\(other.sums.count) sums cannot be added to \(sums.count)",
        hint: "statistics add only when they were made with the same settings")
    }
    let (total, overflows) = count.addingReportingOverflow(other.count)
    guard !overflows, total <= 1 << 61 else { throw DSXError(.malformed, "counts above 2^61") }
    count = total
    textsWithoutTokens += other.textsWithoutTokens
    references.add(other.references)
    for index in sums.indices { sums[index].add(other.sums[index]) }
  }

  /// The mean of one score; nil without examples.
  func mean(_ index: Int = 0) -> Double? {
    count > 0 && index < sums.count ? sums[index].value / Double(count) : nil
  }

  /// Sample standard deviation of the main score over the root of n; nil with fewer than two
  /// examples.
  var standardError: StandardError? {
    guard count > 1, let last = sums.last else { return nil }
    let (n, sum) = (Double(count), sums[0].value)
    let spread = max(0, last.value - sum * sum / n)
    return StandardError((spread / (n - 1) / n).squareRoot(), method: "sample deviation n-1")
  }

  /// The sums.
  public var components: [Double] { sums.map(\.value) }
  /// From sums.
  public init(components: [Double], count: Int) {
    self.count = count
    sums = components.map {
      var sum = ExactSum()
      sum.add($0)
      return sum
    }
  }

  private enum CodingKeys: String, CodingKey { case count, textsWithoutTokens, references, sums }

  /// Reads what was stored; a negative count is an error.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    count = try container.decode(Int.self, forKey: .count)
    textsWithoutTokens = try container.decode(Int.self, forKey: .textsWithoutTokens)
    references = try container.decode(ReferenceCounts.self, forKey: .references)
    sums = try container.decode([ExactSum].self, forKey: .sums)
    guard (0...(1 << 61)).contains(count), (0...(1 << 61)).contains(textsWithoutTokens),
      !sums.isEmpty, references.least >= 0, references.most >= references.least
    else { throw DSXError(.malformed, "stored sums cannot be") }
  }
}
