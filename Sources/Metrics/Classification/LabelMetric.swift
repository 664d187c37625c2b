public import DSXCore

/// A score of the confusion matrix over the declared labels, e.g. macro-F1.
///
/// Labels that never occur stay in the mean (with `zeroDivision`), so a score never gets better
/// because a label is missing from the sample. The standard error is a bootstrap over examples.
public struct LabelMetric: Metric {
  /// Which score.
  public enum Kind: Sendable, Equatable {
    /// Precision.
    case precision(LabelAverage)
    /// Recall.
    case recall(LabelAverage)
    /// F-beta.
    case f(LabelAverage, beta: Double)
    /// Mean recall of the labels that occur.
    case balancedAccuracy
    /// Matthews' correlation.
    case matthews
    /// Cohen's kappa, unweighted.
    case kappa
    /// Cohen's kappa, weighted by the distance of the labels.
    case weightedKappa(KappaWeights)
    /// Intersection over union.
    case jaccard(LabelAverage)
    /// The share of right answers of the chosen labels together.
    case accuracy
  }

  /// The declared labels.
  public let labels: LabelSet
  /// Which score.
  public let kind: Kind
  /// What 0/0 counts as.
  public let zeroDivision: ZeroDivision
  /// Whether labels that never occur enter averages.
  public let absent: AbsentLabels
  /// The labels that averages range over, as places; nil: all.
  public let selected: [Int]?
  /// How the standard error is resampled.
  public let bootstrap: Bootstrap

  /// A metric.
  public init(
    _ kind: Kind, labels: LabelSet, zeroDivision: ZeroDivision = .zero,
    absent: AbsentLabels = .count, selected: [Int]? = nil, bootstrap: Bootstrap = Bootstrap()
  ) {
    self.kind = kind
    self.labels = labels
    self.zeroDivision = zeroDivision
    self.absent = absent
    self.selected = selected
    self.bootstrap = bootstrap
  }

  /// Macro-F1 over the declared labels, zero_division 0.
  public static func macroF1(_ labels: LabelSet) -> LabelMetric {
    LabelMetric(.f(.macro, beta: 1), labels: labels)
  }

  /// `macro-f1`, `weighted-precision`, `mcc`, ...
  public var name: String {
    switch kind {
    case .precision(let average): average.signature + "-precision"
    case .recall(let average): average.signature + "-recall"
    case .f(let average, let beta): average.signature + "-f" + Self.short(beta)
    case .balancedAccuracy: "balanced-accuracy"
    case .matthews: "mcc"
    case .kappa: "kappa"
    case .weightedKappa(let weights): weights.rawValue + "-kappa"
    case .jaccard(let average): average.signature + "-jaccard"
    case .accuracy: "accuracy"
    }
  }
  /// Number of labels, average, zero division, resampling.
  public var signature: String {
    [settings, bootstrap.signature, "version:1"].joined(separator: "|")
  }
  /// The settings without resampling and version.
  var settings: String {
    var parts = ["labels:\(labels.count)"]
    switch kind {
    case .precision(let average), .recall(let average), .f(let average, _), .jaccard(let average):
      parts += ["average:" + average.signature, "zero_division:" + zeroDivision.signature]
      if absent != .count { parts.append("absent:" + absent.rawValue) }
      if let selected {
        parts.append("only:" + selected.map { labels.names[$0] }.joined(separator: ","))
      }
    case .balancedAccuracy, .matthews, .kappa, .weightedKappa, .accuracy: break
    }
    return parts.joined(separator: "|")
  }
  /// true
  public var higherIsBetter: Bool { true }
  /// No example over the declared labels.
  public var zero: ConfusionMatrix { ConfusionMatrix(labelCount: labels.count) }

  /// A matrix with one example. Throws on a label outside the declared ones.
  public func statistics(of example: LabelPair) throws(DSXError) -> ConfusionMatrix {
    var one = zero
    try one.add(example)
    return one
  }
  /// Counts one example.
  public func add(_ example: LabelPair, to statistics: inout ConfusionMatrix) throws(DSXError) {
    try statistics.add(example)
  }

  /// The score; nil without examples or when it is not a number.
  public func score(from statistics: ConfusionMatrix) -> Double? {
    statistics.count > 0 ? score(of: statistics.counts) : nil
  }

  /// The score of counts or sums of weights; nil when it is not a number.
  func score(of counts: PairCounts) -> Double? {
    let value: Double?
    switch kind {
    case .precision(let average): value = averaged(counts, average).precision
    case .recall(let average): value = averaged(counts, average).recall
    case .f(let average, let beta): value = averaged(counts, average, beta: beta).f
    case .jaccard(let average):
      value = counts.tallies.jaccard(
        average, zeroDivision: zeroDivision, absent: absent, selected: selected)
    case .balancedAccuracy: value = counts.balancedAccuracy
    case .matthews: value = counts.matthews
    case .kappa: value = counts.kappa()
    case .weightedKappa(let weights): value = counts.kappa(weights)
    case .accuracy: value = counts.accuracy
    }
    return value.flatMap { $0.isNaN ? nil : $0 }
  }

  private func averaged(
    _ counts: PairCounts, _ average: LabelAverage, beta: Double = 1
  ) -> PrecisionRecall {
    counts.tallies.averaged(
      average, beta: beta, zeroDivision: zeroDivision, absent: absent, selected: selected)
  }

  /// The sample standard deviation of the score over resampled examples; nil below two examples.
  public func standardError(from statistics: ConfusionMatrix) -> StandardError? {
    bootstrap.standardError(of: statistics) { score(from: $0) }
  }

  static func short(_ beta: Double) -> String {
    beta == beta.rounded() && abs(beta) < 1e6 ? String(Int(beta)) : String(beta)
  }
}
