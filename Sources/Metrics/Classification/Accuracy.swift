public import DSXCore
internal import Glibc

/// Examples and how many of them were right: the statistics of accuracies.
public struct HitCount: MetricStatistics {
  /// Number of examples.
  public private(set) var count: Int
  /// Number of right answers.
  public private(set) var hits: Int

  /// Counts; `0 <= hits <= count` or an error.
  public init(count: Int, hits: Int) throws(DSXError) {
    guard hits >= 0, count >= hits, count <= 1 << 61 else {
      throw DSXError(.malformed, "\(hits) right answers of \(count) cannot be")
    }
    self.count = count
    self.hits = hits
  }

  /// No example.
  public init() {
    count = 0
    hits = 0
  }

  /// The diagonal of a confusion matrix.
  public init(_ matrix: ConfusionMatrix) {
    count = matrix.count
    hits = matrix.correct
  }

  /// Counts one example.
  public mutating func add(isHit: Bool) {
    count += 1
    hits += isHit ? 1 : 0
  }

  /// Adds the counts of other examples.
  public mutating func add(_ other: HitCount) throws(DSXError) {
    self = try HitCount(count: count + other.count, hits: hits + other.hits)
  }

  private enum CodingKeys: String, CodingKey { case count, hits }

  /// Reads `count` and `hits`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      count: container.decode(Int.self, forKey: .count),
      hits: container.decode(Int.self, forKey: .hits))
  }
}

/// The share of right answers; standard error sqrt(p (1 - p) / (n - 1)).
///
/// That is the sample standard deviation of the 0/1 scores over sqrt(n), as lm-eval's `acc_stderr`.
public struct Accuracy: Metric {
  static let entry = MetricEntry(
    name: "accuracy", group: .classification, summary: "the share of right answers",
    formula: "right answers / n", unit: "ratio", range: 0...1, higherIsBetter: true,
    inputs: [.label, .prediction],
    reference: "scikit-learn 1.9 accuracy_score; standard error as lm-eval 0.4.13 acc_stderr",
    edgeCases: [
      "labels are compared as text: a whole number counts as its digits",
      "no example: not defined",
    ]
  ) { (_: MetricOptions) throws(DSXError) -> AnyMetric in
    AnyMetric(Accuracy()) { (row: MetricRow) throws(DSXError) -> Bool in
      try row.label("label") == row.label("prediction")
    }
  }

  /// The metric.
  public init() {}
  /// `accuracy`.
  public var name: String { "accuracy" }
  /// `version:1`: there is nothing to set.
  public var signature: String { "version:1" }
  /// true
  public var higherIsBetter: Bool { true }
  /// No example.
  public var zero: HitCount { HitCount() }

  /// One example: whether its answer is right.
  public func statistics(of isCorrect: Bool) -> HitCount {
    var one = HitCount()
    one.add(isHit: isCorrect)
    return one
  }
  /// hits / count
  public func score(from statistics: HitCount) -> Double? { statistics.share }
  /// sqrt(p (1 - p) / (n - 1)), from two examples on.
  public func standardError(from statistics: HitCount) -> StandardError? {
    statistics.binomialError
  }
}

extension HitCount: VectorStatistics, ProportionStatistics {
  /// The hits.
  public var components: [Double] { [Double(hits)] }
  /// From the hits; numbers that cannot be are taken as the nearest that can.
  public init(components: [Double], count: Int) {
    self.count = max(0, count)
    hits = min(self.count, max(0, Int(exactly: components.first ?? 0) ?? 0))
  }
  /// hits of count
  public var proportion: Proportion { Proportion(hits: hits, trials: count) }
}

extension HitCount {
  /// hits / count; nil without examples.
  var share: Double? { count > 0 ? Double(hits) / Double(count) : nil }
  /// sqrt(p (1 - p) / (n - 1)).
  var binomialError: StandardError? {
    guard count > 1, let share else { return nil }
    return StandardError(
      (share * (1 - share) / Double(count - 1)).squareRoot(), method: "binomial n-1")
  }
}
