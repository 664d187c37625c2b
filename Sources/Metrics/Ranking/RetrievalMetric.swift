public import DSXCore

/// Measures of the relevant candidates' places, the mean over queries, as torchmetrics 1.9.0 in double
/// precision. A query without a relevant candidate scores 0. Of equal scores the earlier candidate comes
/// first.
public struct RetrievalMetric: MeanMetric {
  /// A query.
  public typealias Example = RankedList
  /// Which measure.
  public enum Kind: String, Sendable, CaseIterable {
    /// Average precision: the mean over relevant candidates of the precision at their rank.
    case averagePrecision = "map"
    /// 1 / rank of the first relevant candidate.
    case reciprocalRank = "mrr"
    /// Relevant among the first k.
    case precision
    /// Found among the relevant, within the first k.
    case recall
    /// Whether a relevant candidate is among the first k.
    case hit
    /// Precision at the number of relevant candidates.
    case rPrecision = "r-precision"
  }
  /// Which measure.
  public let kind: Kind
  /// Only the first k ranks count; nil: all.
  public let k: Int?

  /// The metric; k below 1 is an error.
  public init(_ kind: Kind, k: Int? = nil) throws(DSXError) {
    if let k, k < 1 { throw DSXError(.usage, "\(kind.rawValue) needs k of at least 1, not \(k)") }
    self.kind = kind
    self.k = k
  }

  /// `map`, `mrr`, `recall@10`, ...
  public var name: String { kind.rawValue + (k.map { "@\($0)" } ?? "") }
  /// k and ties.
  public var signature: String {
    "k:\(k.map(String.init) ?? "all")|ties:first|empty:0|version:1"
  }
  /// true
  public var higherIsBetter: Bool { true }

  /// The query's measure.
  public func value(of example: RankedList) throws(DSXError) -> Double {
    try example.check()
    let ranked = example.ranked.map { $0 > 0 }
    let relevant = ranked.reduce(0) { $0 + ($1 ? 1 : 0) }
    guard relevant > 0 else { return 0 }
    let limit = k ?? ranked.count
    let found = ranked.prefix(kind == .rPrecision ? relevant : limit).reduce(0) {
      $0 + ($1 ? 1 : 0)
    }
    switch kind {
    case .averagePrecision:
      guard found > 0 else { return 0 }
      var (sum, hits) = (0.0, 0)
      for (place, isRelevant) in ranked.prefix(limit).enumerated() where isRelevant {
        hits += 1
        sum += Double(hits) / Double(place + 1)
      }
      return sum / Double(hits)
    case .reciprocalRank:
      return ranked.prefix(limit).firstIndex(of: true).map { 1 / Double($0 + 1) } ?? 0
    case .precision: return Double(found) / Double(limit)
    case .recall: return Double(found) / Double(relevant)
    case .hit: return found > 0 ? 1 : 0
    case .rPrecision: return Double(found) / Double(relevant)
    }
  }
}
