public import DSXCore
internal import Glibc

/// Discounted cumulative gain of a query, the mean over queries: gains are the relevances, discounts
/// 1 / log2(rank + 1), as scikit-learn 1.9 and torchmetrics 1.9.0.
public struct DiscountedGain: MeanMetric {
  /// A query.
  public typealias Example = RankedList
  /// Whether the gain is divided by the best possible one.
  public let isNormalised: Bool
  /// Only the first k ranks count; nil: all.
  public let k: Int?
  /// Whether equal scores share the mean of their gains; else the earlier candidate comes first.
  public let averagesTies: Bool

  /// The metric; k below 1 is an error.
  public init(isNormalised: Bool = true, k: Int? = nil, averagesTies: Bool = true)
    throws(DSXError)
  {
    if let k, k < 1 { throw DSXError(.usage, "nDCG needs k of at least 1, not \(k)") }
    self.isNormalised = isNormalised
    self.k = k
    self.averagesTies = averagesTies
  }

  /// `ndcg`, `ndcg@10`, `dcg`.
  public var name: String { (isNormalised ? "ndcg" : "dcg") + (k.map { "@\($0)" } ?? "") }
  /// k, gain and ties.
  public var signature: String {
    "k:\(k.map(String.init) ?? "all")|gain:linear|log:2|ties:"
      + (averagesTies ? "average" : "first") + "|version:1"
  }
  /// true
  public var higherIsBetter: Bool { true }

  /// The query's gain; normalised: 0 when nothing is relevant.
  public func value(of example: RankedList) throws(DSXError) -> Double {
    try example.check()
    let limit = k ?? example.scores.count
    let gain: Double
    if averagesTies {
      gain = Self.tied(example, limit)
    } else {
      gain = Self.plain(example.ranked, limit)
    }
    guard isNormalised else { return gain }
    let best = Self.plain(example.relevance.sorted(by: >), limit)
    return best == 0 ? 0 : gain / best
  }

  private static func discount(_ place: Int, _ limit: Int) -> Double {
    place < limit ? 1 / log2(Double(place + 2)) : 0
  }

  private static func plain(_ relevance: [Double], _ limit: Int) -> Double {
    relevance.prefix(limit).enumerated().reduce(0) {
      $0 + discount($1.offset, limit) * $1.element
    }
  }

  private static func tied(_ example: RankedList, _ limit: Int) -> Double {
    let order = example.scores.indices.sorted { example.scores[$0] > example.scores[$1] }
    var sum = 0.0
    var start = 0
    while start < order.count, start < limit {
      var end = start
      var gains = 0.0
      var discounts = 0.0
      while end < order.count, example.scores[order[end]] == example.scores[order[start]] {
        gains += example.relevance[order[end]]
        discounts += discount(end, limit)
        end += 1
      }
      sum += gains / Double(end - start) * discounts
      start = end
    }
    return sum
  }
}
