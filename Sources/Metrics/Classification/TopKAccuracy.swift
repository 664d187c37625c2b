public import DSXCore

/// The share of examples whose true label is among the k with the highest scores.
///
/// Of equal scores the later label counts as higher, as scikit-learn 1.9 `top_k_accuracy_score`.
public struct TopKAccuracy: Metric {
  /// A score for each label, and the true label's place.
  public struct Example: Sendable {
    /// One finite score a label, higher = more likely.
    public var scores: [Double]
    /// The true label's place.
    public var gold: Int

    /// An example.
    public init(scores: [Double], gold: Int) {
      self.scores = scores
      self.gold = gold
    }
  }

  /// How many labels may be named.
  public let k: Int

  /// The metric; k below 1 is an error.
  public init(k: Int) throws(DSXError) {
    guard k >= 1 else { throw DSXError(.usage, "top-k accuracy needs k of at least 1, not \(k)") }
    self.k = k
  }

  /// `top5-accuracy`.
  public var name: String { "top\(k)-accuracy" }
  /// k and the rule for ties.
  public var signature: String { "k:\(k)|ties:later-label|version:1" }
  /// true
  public var higherIsBetter: Bool { true }
  /// No example.
  public var zero: HitCount { HitCount() }

  /// Throws when the true label has no score or a score is not a number.
  public func statistics(of example: Example) throws(DSXError) -> HitCount {
    guard example.scores.indices.contains(example.gold) else {
      throw DSXError(
        .malformed,
        "the gold label \(example.gold) is outside the \(example.scores.count) scored labels")
    }
    guard !example.scores.contains(where: \.isNaN) else {
      throw DSXError(.malformed, "a label's score is not a number")
    }
    let gold = example.scores[example.gold]
    var above = 0
    for (place, score) in example.scores.enumerated()
    where score > gold || (score == gold && place > example.gold) {
      above += 1
    }
    var one = HitCount()
    one.add(isHit: above < k)
    return one
  }
  /// hits / count
  public func score(from statistics: HitCount) -> Double? { statistics.share }
  /// sqrt(p (1 - p) / (n - 1)), from two examples on.
  public func standardError(from statistics: HitCount) -> StandardError? {
    statistics.binomialError
  }
}
