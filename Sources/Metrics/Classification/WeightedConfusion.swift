public import DSXCore

/// Sums of example weights by (gold, predicted): the weighted confusion matrix, with exact sums.
public struct WeightedConfusion: MetricStatistics {
  /// Number of labels, k.
  public let labelCount: Int
  /// Number of examples.
  public private(set) var count = 0
  private var cells: [ExactSum]

  /// No example over `labelCount` labels.
  public init(labelCount: Int) {
    self.labelCount = max(1, labelCount)
    cells = [ExactSum](repeating: ExactSum(), count: self.labelCount * self.labelCount)
  }

  /// Adds one example. A place outside the labels or a weight that is negative or not finite is an error.
  public mutating func add(_ pair: LabelPair, weight: Double) throws(DSXError) {
    try ConfusionMatrix.check(pair, labelCount: labelCount)
    guard weight.isFinite, weight >= 0 else {
      throw DSXError(
        .malformed, "the example weight \(weight) is not a finite number of at least 0")
    }
    count += 1
    cells[pair.gold * labelCount + pair.predicted].add(weight)
  }

  /// Adds the sums of other examples over as many labels.
  public mutating func add(_ other: WeightedConfusion) throws(DSXError) {
    guard other.labelCount == labelCount else {
      throw DSXError(
        .malformed,
        "statistics over \(other.labelCount) labels cannot be added to those over \(labelCount)",
        hint: "all shards of a run must declare the same labels")
    }
    count = try ExampleCount.sum(count, other.count)
    for index in cells.indices { cells[index].add(other.cells[index]) }
  }

  /// The sums as numbers, each rounded once.
  public var counts: PairCounts {
    PairCounts(labelCount: labelCount, cells: cells.map(\.value))
  }

  private enum CodingKeys: String, CodingKey { case labelCount = "labels", count, cells }

  /// Reads what was written; a table that is not square is an error.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    labelCount = try container.decode(Int.self, forKey: .labelCount)
    count = try ExampleCount.checked(container.decode(Int.self, forKey: .count))
    cells = try container.decode([ExactSum].self, forKey: .cells)
    guard (1...LabelSet.maximumCount).contains(labelCount), cells.count == labelCount * labelCount
    else {
      throw DSXError(
        .malformed, "a weighted matrix of \(labelCount) labels has \(cells.count) cells")
    }
  }
}

/// A label score over weighted examples (scikit-learn's `sample_weight`).
public struct WeightedLabelMetric: Metric {
  /// A gold and a predicted label, and how much the example counts.
  public struct Example: Sendable {
    /// The labels.
    public var pair: LabelPair
    /// Finite, at least 0.
    public var weight: Double

    /// An example.
    public init(_ pair: LabelPair, weight: Double) {
      self.pair = pair
      self.weight = weight
    }
  }

  /// The same score of examples that count alike; it names the labels and all settings.
  public let base: LabelMetric

  /// The weighted form of a score.
  public init(_ base: LabelMetric) { self.base = base }

  /// The score's name.
  public var name: String { base.name }
  /// The score's settings and `weights:example`.
  public var signature: String { base.settings + "|weights:example|version:1" }
  /// As the score.
  public var higherIsBetter: Bool { base.higherIsBetter }
  /// No example.
  public var zero: WeightedConfusion { WeightedConfusion(labelCount: base.labels.count) }

  /// One example's weight in its cell.
  public func statistics(of example: Example) throws(DSXError) -> WeightedConfusion {
    var one = zero
    try one.add(example.pair, weight: example.weight)
    return one
  }
  /// Adds one example's weight.
  public func add(_ example: Example, to statistics: inout WeightedConfusion) throws(DSXError) {
    try statistics.add(example.pair, weight: example.weight)
  }
  /// The score of the summed weights; nil without weight.
  public func score(from statistics: WeightedConfusion) -> Double? {
    base.score(of: statistics.counts)
  }
  /// nil: resample the examples.
  public func standardError(from statistics: WeightedConfusion) -> StandardError? { nil }
}
