public import DSXCore

/// AUROC and average precision over several labels, as scikit-learn 1.9.
public struct MulticlassRanking: Metric {
  /// Which score.
  public enum Kind: String, Sendable, CaseIterable {
    /// AUROC of each label against the rest.
    case oneVersusRest = "ovr"
    /// AUROC of each two labels (Hand and Till), both ways.
    case oneVersusOne = "ovo"
    /// Average precision of each label against the rest.
    case averagePrecision = "ap"
  }
  /// Which score.
  public let kind: Kind
  /// Whether means are weighted: by gold examples, for `ovo` by the examples of both labels.
  public let isWeighted: Bool
  /// Number of labels.
  public let labelCount: Int

  /// The metric over 2 to 4,096 labels.
  public init(_ kind: Kind, labelCount: Int, isWeighted: Bool = false) throws(DSXError) {
    guard (2...LabelSet.maximumCount).contains(labelCount) else {
      throw DSXError(.usage, "rankings of labels need 2 to \(LabelSet.maximumCount) labels")
    }
    self.kind = kind
    self.labelCount = labelCount
    self.isWeighted = isWeighted
  }

  /// `auroc-ovr`, `auroc-ovo`, `average-precision-ovr`.
  public var name: String {
    kind == .averagePrecision ? "average-precision-ovr" : "auroc-" + kind.rawValue
  }
  /// Labels and average.
  public var signature: String {
    "labels:\(labelCount)|average:\(isWeighted ? "weighted" : "macro")|state:exact|version:1"
  }
  /// true
  public var higherIsBetter: Bool { true }
  /// No example.
  public var zero: ScoreTable { ScoreTable(labelCount: labelCount) }
  /// One example.
  public func statistics(of example: TopKAccuracy.Example) throws(DSXError) -> ScoreTable {
    var one = zero
    try one.add(example)
    return one
  }
  /// Adds one example.
  public func add(_ example: TopKAccuracy.Example, to statistics: inout ScoreTable)
    throws(DSXError)
  { try statistics.add(example) }

  /// The mean; nil unless every label occurs (average precision of a label that does not occur is 0).
  public func score(from statistics: ScoreTable) -> Double? {
    let support = statistics.support.map(Double.init)
    let total = support.reduce(0, +)
    guard total > 0 else { return nil }
    var values: [(value: Double, weight: Double)] = []
    switch kind {
    case .oneVersusRest:
      for (area, weight) in zip(statistics.oneVersusRest, support) {
        guard let area else { return nil }
        values.append((area, weight))
      }
    case .oneVersusOne:
      for pair in statistics.oneVersusOne {
        guard let area = pair.area else { return nil }
        values.append((area, support[pair.left] + support[pair.right]))
      }
    case .averagePrecision:
      for (precision, weight) in zip(statistics.averagePrecisions, support) {
        values.append((precision ?? 0, weight))
      }
    }
    if !isWeighted { return values.reduce(0) { $0 + $1.value } / Double(values.count) }
    let weights = values.reduce(0) { $0 + $1.weight }
    return values.reduce(0) { $0 + $1.value * $1.weight } / weights
  }
  /// nil: resample the examples.
  public func standardError(from statistics: ScoreTable) -> StandardError? { nil }
}
