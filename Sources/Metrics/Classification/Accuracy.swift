public import DSXCore
internal import Glibc

/// Examples and how many of them were right: the statistics of accuracies.
public struct HitCount: MetricStatistics {
  /// Number of examples.
  public private(set) var count: Int
  /// Number of right answers.
  public private(set) var hits: Int
  /// The examples among them that have weights; nil without such.
  public private(set) var weighted: WeightedHits?

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

  /// Counts one example with a weight; one that is negative or not finite is an error.
  public mutating func add(isHit: Bool, weight: Double) throws(DSXError) {
    var weights = weighted ?? WeightedHits()
    try weights.add(isHit: isHit, weight: weight)
    weighted = weights
    add(isHit: isHit)
  }

  /// Adds the counts of other examples.
  public mutating func add(_ other: HitCount) throws(DSXError) {
    var weights = weighted
    if let more = other.weighted {
      weights = weights ?? WeightedHits()
      try weights?.add(more)
    }
    self = try HitCount(count: count + other.count, hits: hits + other.hits)
    weighted = weights
  }

  private enum CodingKeys: String, CodingKey { case count, hits, weighted }

  /// Reads `count`, `hits` and, where there are weights, `weighted`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      count: container.decode(Int.self, forKey: .count),
      hits: container.decode(Int.self, forKey: .hits))
    guard container.contains(.weighted) else { return }
    let weights = try container.decode(WeightedHits.self, forKey: .weighted)
    guard weights.count > 0, weights.count <= count, weights.hits <= hits,
      weights.count - weights.hits <= count - hits
    else { throw DSXError(.malformed, "stored weights are of more examples than there are") }
    weighted = weights
  }

  /// Writes `count`, `hits` and, where there are weights, `weighted`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(count, forKey: .count)
    try container.encode(hits, forKey: .hits)
    if let weighted { try container.encode(weighted, forKey: .weighted) }
  }
}

/// Examples with weights: how many, and the exact sums of their weights.
public struct WeightedHits: Sendable, Codable, Equatable {
  /// Number of examples.
  public private(set) var count = 0
  /// Number of right answers.
  public private(set) var hits = 0
  /// The sum of all weights.
  public private(set) var weight = ExactSum()
  /// The sum of the right answers' weights.
  public private(set) var right = ExactSum()

  /// No example.
  public init() {}

  private enum CodingKeys: String, CodingKey { case count, hits, weight, right }

  /// Reads what was written; counts that cannot be are errors.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    count = try ExampleCount.checked(container.decode(Int.self, forKey: .count))
    hits = try ExampleCount.checked(container.decode(Int.self, forKey: .hits))
    weight = try container.decode(ExactSum.self, forKey: .weight)
    right = try container.decode(ExactSum.self, forKey: .right)
    guard hits <= count else { throw DSXError(.malformed, "stored weights cannot be") }
  }

  mutating func add(isHit: Bool, weight one: Double) throws(DSXError) {
    guard one.isFinite, one >= 0 else {
      throw DSXError(
        .malformed, "the example weight \(one) is not a finite number of at least 0")
    }
    count += 1
    weight.add(one)
    guard isHit else { return }
    hits += 1
    right.add(one)
  }

  mutating func add(_ other: WeightedHits) throws(DSXError) {
    count = try ExampleCount.sum(count, other.count)
    hits = try ExampleCount.sum(hits, other.hits)
    weight.add(other.weight)
    right.add(other.right)
  }
}

/// The share of right answers; standard error sqrt(p (1 - p) / (n - 1)).
///
/// That is the sample standard deviation of the 0/1 scores over sqrt(n), as lm-eval's `acc_stderr`.
/// Examples may have weights, as scikit-learn's `sample_weight`; then it is the share of the weights, and
/// the error is resampled.
public struct Accuracy: Metric {
  /// Whether an answer is right, and how much the example counts.
  public struct Example: Sendable, ExpressibleByBooleanLiteral {
    /// Whether it is right.
    public var isCorrect: Bool
    /// Its weight; nil: 1.
    public var weight: Double?

    /// An example.
    public init(_ isCorrect: Bool, weight: Double? = nil) {
      self.isCorrect = isCorrect
      self.weight = weight
    }

    /// An example without a weight.
    public init(booleanLiteral isCorrect: Bool) { self.init(isCorrect) }
  }

  static let entry = MetricEntry(
    name: "accuracy", group: .classification, summary: "the share of right answers",
    formula: "right answers / n", unit: "ratio", range: 0...1, higherIsBetter: true,
    inputs: [.label, .prediction, LabelEntries.weight],
    reference: "scikit-learn 1.9 accuracy_score; standard error as lm-eval 0.4.13 acc_stderr",
    edgeCases: [
      "labels are compared as text: a whole number counts as its digits",
      "no example: not defined",
    ], compat: ["sklearn": [:]]
  ) { (_: MetricOptions) throws(DSXError) -> AnyMetric in
    AnyMetric(Accuracy()) { (row: MetricRow) throws(DSXError) -> Example in
      Example(
        try row.label("label").hasBytes(of: row.label("prediction")),
        weight: row.has("weight") ? try row.number("weight") : nil)
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

  /// `weighted:yes|version:1` where examples have weights.
  public func signature(from statistics: HitCount) -> String {
    statistics.weighted == nil ? signature : "weighted:yes|" + signature
  }

  /// One example: whether its answer is right. A weight that is negative or not finite is an error.
  public func statistics(of example: Example) throws(DSXError) -> HitCount {
    var one = HitCount()
    if let weight = example.weight {
      try one.add(isHit: example.isCorrect, weight: weight)
    } else {
      one.add(isHit: example.isCorrect)
    }
    return one
  }
  /// hits / count, or the same of weights; nil without examples or weight.
  public func score(from statistics: HitCount) -> Double? { statistics.share }
  /// sqrt(p (1 - p) / (n - 1)), from two examples on; nil with weights: resample the examples.
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
  /// Whether no example has a weight: weights are kept as exact sums.
  public var isVector: Bool { weighted == nil }
  /// hits of count; nil where examples have weights.
  public var proportion: Proportion? {
    weighted == nil ? Proportion(hits: hits, trials: count) : nil
  }
}

extension HitCount {
  /// hits / count, or the same of weights (1 where there is none); nil when there is nothing.
  var share: Double? {
    guard let weighted else { return count > 0 ? Double(hits) / Double(count) : nil }
    let all = Double(count - weighted.count) + weighted.weight.value
    let right = Double(hits - weighted.hits) + weighted.right.value
    return all > 0 && all.isFinite ? right / all : nil
  }
  /// sqrt(p (1 - p) / (n - 1)).
  var binomialError: StandardError? {
    guard weighted == nil, count > 1, let share else { return nil }
    return StandardError(
      (share * (1 - share) / Double(count - 1)).squareRoot(), method: "binomial n-1")
  }
}
