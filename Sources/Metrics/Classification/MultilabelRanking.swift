public import DSXCore

/// The scores of each label's positive and negative examples.
public struct LabelScores: MetricStatistics {
  /// A state a label.
  public private(set) var labels: [RankedScores]

  /// No example over `labelCount` labels.
  public init(labelCount: Int) {
    labels = [RankedScores](repeating: RankedScores(), count: max(1, labelCount))
  }
  /// Number of examples.
  public var count: Int { labels[0].count }

  mutating func add(_ example: LabelRanking.Example) throws(DSXError) {
    guard example.gold.count == labels.count, example.scores.count == labels.count else {
      throw DSXError(
        .malformed,
        "an example has \(example.gold.count) marks and \(example.scores.count) scores for \(labels.count) labels"
      )
    }
    guard !example.scores.contains(where: \.isNaN) else {
      throw DSXError(.malformed, "a label's score is not a number")
    }
    for label in labels.indices {
      try labels[label].add(example.scores[label], isPositive: example.gold[label])
    }
  }
  /// Adds other examples over as many labels.
  public mutating func add(_ other: LabelScores) throws(DSXError) {
    guard other.labels.count == labels.count else {
      throw DSXError(
        .malformed,
        "statistics over \(other.labels.count) labels cannot be added to those over \(labels.count)"
      )
    }
    for label in labels.indices { try labels[label].add(other.labels[label]) }
  }
  private enum CodingKeys: String, CodingKey { case labels }
  /// Reads what was written; labels with different numbers of examples are errors.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    labels = try container.decode([RankedScores].self, forKey: .labels)
    guard let first = labels.first, labels.allSatisfy({ $0.count == first.count }) else {
      throw DSXError(.malformed, "stored scores differ in number")
    }
  }
}

/// AUROC and average precision over examples with several labels, as scikit-learn 1.9.
public struct MultilabelRanking: Metric {
  /// An example.
  public typealias Example = LabelRanking.Example
  /// Which score.
  public enum Kind: String, Sendable, CaseIterable {
    /// Area under the ROC curve.
    case areaUnderROC = "multilabel-auroc"
    /// Average precision.
    case averagePrecision = "multilabel-average-precision"
  }
  /// Which score.
  public let kind: Kind
  /// Number of labels.
  public let labelCount: Int
  /// Macro, weighted (by gold examples) or micro (all labels' scores together).
  public let average: LabelAverage

  /// The metric over 1 to 4,096 labels; an average of one label is an error.
  public init(_ kind: Kind, labelCount: Int, average: LabelAverage = .macro) throws(DSXError) {
    guard (1...LabelSet.maximumCount).contains(labelCount),
      [.micro, .macro, .weighted].contains(average)
    else {
      throw DSXError(
        .usage, "multi-label rankings are micro, macro or weighted over 1 to 4096 labels")
    }
    self.kind = kind
    self.labelCount = labelCount
    self.average = average
  }
  /// `multilabel-auroc`, `multilabel-average-precision`.
  public var name: String { kind.rawValue }
  /// Labels and average.
  public var signature: String {
    "labels:\(labelCount)|average:\(average.signature)|state:exact|version:1"
  }
  /// true
  public var higherIsBetter: Bool { true }
  /// No example.
  public var zero: LabelScores { LabelScores(labelCount: labelCount) }
  /// One example.
  public func statistics(of example: Example) throws(DSXError) -> LabelScores {
    var one = zero
    try one.add(example)
    return one
  }
  /// Adds one example.
  public func add(_ example: Example, to statistics: inout LabelScores) throws(DSXError) {
    try statistics.add(example)
  }
  /// The average; nil when a label has no area. The average precision of a label without positives is 0.
  public func score(from statistics: LabelScores) -> Double? {
    guard statistics.count > 0 else { return nil }
    func value(_ state: RankedScores) -> Double? {
      kind == .areaUnderROC ? state.areaUnderROC : state.averagePrecision ?? 0
    }
    if average == .micro {
      var all = RankedScores()
      for state in statistics.labels { all.append(state) }
      return value(all)
    }
    var (sum, weights) = (0.0, 0.0)
    for state in statistics.labels {
      guard let value = value(state) else { return nil }
      let weight = average == .macro ? 1 : Double(state.positiveCount)
      sum += weight * value
      weights += weight
    }
    return weights > 0 ? sum / weights : nil
  }
}
