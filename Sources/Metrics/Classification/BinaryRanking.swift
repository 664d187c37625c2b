public import DSXCore

/// What binary ranking metrics take from one example.
public struct ScoredBinary: Sendable, Equatable {
  /// Whether the example is positive.
  public var isPositive: Bool
  /// Higher = more likely positive; not NaN.
  public var score: Double

  /// An example.
  public init(isPositive: Bool, score: Double) {
    self.isPositive = isPositive
    self.score = score
  }
}

/// AUROC, average precision and their kin over exact states, as scikit-learn 1.9.
public struct BinaryRanking: Metric {
  /// Which score.
  public enum Kind: Sendable, Equatable {
    /// Area under the ROC curve.
    case areaUnderROC
    /// The same up to a false positive rate, standardised.
    case partialAreaUnderROC(maximumFalsePositiveRate: Double)
    /// Average precision.
    case averagePrecision
  }
  /// Which score.
  public let kind: Kind

  /// The metric. A false positive rate outside (0, 1] is an error.
  public init(_ kind: Kind) throws(DSXError) {
    if case .partialAreaUnderROC(let limit) = kind, !(limit > 0 && limit <= 1) {
      throw DSXError(.usage, "max-fpr must be above 0 and at most 1, not \(limit)")
    }
    self.kind = kind
  }

  /// `auroc` or `average-precision`.
  public var name: String { kind == .averagePrecision ? "average-precision" : "auroc" }
  /// How ties count, and the partial area.
  public var signature: String {
    switch kind {
    case .areaUnderROC: "state:exact|ties:half|version:1"
    case .partialAreaUnderROC(let limit):
      "state:exact|ties:half|max_fpr:\(limit)|correction:mcclish|version:1"
    case .averagePrecision: "state:exact|interpolation:none|version:1"
    }
  }
  /// true
  public var higherIsBetter: Bool { true }
  /// No example.
  public var zero: RankedScores { RankedScores() }
  /// One example.
  public func statistics(of example: ScoredBinary) throws(DSXError) -> RankedScores {
    var one = RankedScores()
    try one.add(example.score, isPositive: example.isPositive)
    return one
  }
  /// Adds one example.
  public func add(_ example: ScoredBinary, to statistics: inout RankedScores) throws(DSXError) {
    try statistics.add(example.score, isPositive: example.isPositive)
  }
  /// The area; nil unless both kinds of examples occur (average precision: unless positives do).
  public func score(from statistics: RankedScores) -> Double? {
    switch kind {
    case .areaUnderROC: statistics.areaUnderROC
    case .partialAreaUnderROC(let limit): statistics.areaUnderROC(upTo: limit)
    case .averagePrecision: statistics.averagePrecision
    }
  }
  /// nil: resample the examples.
  public func standardError(from statistics: RankedScores) -> StandardError? { nil }
}
