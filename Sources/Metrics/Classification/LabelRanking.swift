public import DSXCore

/// Ranking measures of examples with several true labels and a score for each label, as scikit-learn 1.9.
public struct LabelRanking: MeanMetric {
  /// True labels and scores, one of each a label.
  public struct Example: Sendable {
    /// The true labels.
    public var gold: [Bool]
    /// Higher = more likely; not NaN.
    public var scores: [Double]

    /// An example.
    public init(gold: [Bool], scores: [Double]) {
      self.gold = gold
      self.scores = scores
    }
  }
  /// Which measure.
  public enum Kind: String, Sendable, CaseIterable {
    /// Label ranking average precision.
    case averagePrecision = "lrap"
    /// How far down the ranking all true labels are found.
    case coverage = "coverage-error"
    /// The share of (true, false) label pairs in the wrong order.
    case loss = "ranking-loss"
  }
  /// Which measure.
  public let kind: Kind

  /// The metric.
  public init(_ kind: Kind) { self.kind = kind }
  /// `lrap`, `coverage-error`, `ranking-loss`.
  public var name: String { kind.rawValue }
  /// How ties count.
  public var signature: String { "ties:worst|version:1" }
  /// Average precision only.
  public var higherIsBetter: Bool { kind == .averagePrecision }

  /// An example without or with all labels true scores 1 (average precision), 0 (loss).
  public func value(of example: Example) throws(DSXError) -> Double {
    guard example.gold.count == example.scores.count, !example.gold.isEmpty else {
      throw DSXError(
        .malformed,
        "an example has \(example.scores.count) scores for \(example.gold.count) labels")
    }
    guard !example.scores.contains(where: \.isNaN) else {
      throw DSXError(.malformed, "a label's score is not a number")
    }
    let (gold, scores) = (example.gold, example.scores)
    let relevant = gold.indices.filter { gold[$0] }
    switch kind {
    case .averagePrecision:
      guard !relevant.isEmpty, relevant.count < gold.count else { return 1 }
      var sum = 0.0
      for label in relevant {
        let rank = scores.reduce(0) { $0 + ($1 >= scores[label] ? 1 : 0) }
        let right = relevant.reduce(0) { $0 + (scores[$1] >= scores[label] ? 1 : 0) }
        sum += Double(right) / Double(rank)
      }
      return sum / Double(relevant.count)
    case .coverage:
      guard let least = relevant.map({ scores[$0] }).min() else { return 0 }
      return Double(scores.reduce(0) { $0 + ($1 >= least ? 1 : 0) })
    case .loss:
      let pairs = relevant.count * (gold.count - relevant.count)
      guard pairs > 0 else { return 0 }
      var wrong = 0
      for label in relevant {
        for other in gold.indices where !gold[other] && scores[other] >= scores[label] {
          wrong += 1
        }
      }
      return Double(wrong) / Double(pairs)
    }
  }
}
