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
  }

  /// The declared labels.
  public let labels: LabelSet
  /// Which score.
  public let kind: Kind
  /// What 0/0 counts as.
  public let zeroDivision: ZeroDivision
  /// How the standard error is resampled.
  public let bootstrap: Bootstrap

  /// A metric.
  public init(
    _ kind: Kind, labels: LabelSet, zeroDivision: ZeroDivision = .zero,
    bootstrap: Bootstrap = Bootstrap()
  ) {
    self.kind = kind
    self.labels = labels
    self.zeroDivision = zeroDivision
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
    }
  }
  /// Number of labels, average, zero division, resampling.
  public var signature: String {
    var parts = ["labels:\(labels.count)"]
    switch kind {
    case .precision(let average), .recall(let average), .f(let average, _):
      parts += ["average:" + average.signature, "zero_division:" + zeroDivision.signature]
    case .balancedAccuracy, .matthews, .kappa: break
    }
    return (parts + [bootstrap.signature, "version:1"]).joined(separator: "|")
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
    guard statistics.count > 0 else { return nil }
    let value: Double?
    switch kind {
    case .precision(let average):
      value = statistics.averaged(average, zeroDivision: zeroDivision).precision
    case .recall(let average):
      value = statistics.averaged(average, zeroDivision: zeroDivision).recall
    case .f(let average, let beta):
      value = statistics.averaged(average, beta: beta, zeroDivision: zeroDivision).f
    case .balancedAccuracy: value = statistics.balancedAccuracy
    case .matthews: value = statistics.matthews
    case .kappa: value = statistics.kappa()
    }
    return value.flatMap { $0.isNaN ? nil : $0 }
  }

  /// The sample standard deviation of the score over resampled examples; nil below two examples.
  public func standardError(from statistics: ConfusionMatrix) -> StandardError? {
    bootstrap.standardError(of: statistics) { score(from: $0) }
  }

  private static func short(_ beta: Double) -> String {
    beta == beta.rounded() && abs(beta) < 1e6 ? String(Int(beta)) : String(beta)
  }
}
