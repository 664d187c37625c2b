public import DSXCore

/// A score of named labels: those that occur, or those that were declared.
///
/// Without declared labels averages range over the labels seen on either side, as scikit-learn does.
/// Declared labels are averaged whether they occur or not (`absent`), and any other label is an error.
public struct NamedLabelMetric: Metric {
  /// A gold and a predicted label, and how much the example counts.
  public struct Example: Sendable {
    /// The true label.
    public var gold: String
    /// The predicted one.
    public var predicted: String
    /// Its weight; nil: 1.
    public var weight: Double?

    /// An example.
    public init(gold: String, predicted: String, weight: Double? = nil) {
      self.gold = gold
      self.predicted = predicted
      self.weight = weight
    }
  }
  /// How the scores of labels become one.
  public enum Average: Sendable, Equatable {
    /// Micro, macro or weighted.
    case of(LabelAverage)
    /// The score of one label.
    case binary(positive: String)
  }
  /// Which score.
  public enum Kind: Sendable, Equatable {
    /// Precision.
    case precision
    /// Recall.
    case recall
    /// F-beta.
    case f(beta: Double)
    /// Intersection over union.
    case jaccard
    /// Mean recall of the labels that occur.
    case balancedAccuracy
    /// Matthews' correlation.
    case matthews
    /// Cohen's kappa.
    case kappa(KappaWeights)
  }

  /// Its name.
  public let name: String
  /// Which score.
  public let kind: Kind
  /// The average, of the kinds that have one.
  public let average: Average
  /// The declared labels; nil: those that occur.
  public let labels: LabelSet?
  /// What 0/0 counts as.
  public let zeroDivision: ZeroDivision
  /// Whether declared labels that do not occur enter averages.
  public let absent: AbsentLabels
  /// How the standard error is resampled.
  public let bootstrap: Bootstrap

  /// A metric.
  public init(
    _ name: String, _ kind: Kind, average: Average = .of(.macro), labels: LabelSet? = nil,
    zeroDivision: ZeroDivision = .zero, absent: AbsentLabels = .count,
    bootstrap: Bootstrap = Bootstrap()
  ) {
    self.name = name
    self.kind = kind
    self.average = average
    self.labels = labels
    self.zeroDivision = zeroDivision
    self.absent = absent
    self.bootstrap = bootstrap
  }

  /// Labels, average, zero division.
  public var signature: String {
    var parts = ["labels:" + (labels.map { String($0.count) } ?? "seen")]
    switch kind {
    case .precision, .recall, .f, .jaccard:
      switch average {
      case .of(let average): parts.append("average:" + average.signature)
      case .binary(let positive): parts += ["average:binary", "positive:" + positive]
      }
      parts.append("zero_division:" + zeroDivision.signature)
      if labels != nil, absent != .count { parts.append("absent:" + absent.rawValue) }
      if case .f(let beta) = kind, beta != 1 { parts.append("beta:\(beta)") }
    case .kappa(let weights) where weights != .none: parts.append("weights:" + weights.rawValue)
    case .balancedAccuracy, .matthews, .kappa: break
    }
    return (parts + ["version:1"]).joined(separator: "|")
  }
  /// true
  public var higherIsBetter: Bool { true }
  /// true: which examples were drawn shows in the counts, so the bootstrap needs nothing else.
  public var hasAnalyticError: Bool { true }
  /// No example.
  public var zero: NamedConfusion { NamedConfusion() }

  /// One example. A label that is not among the declared ones is an error.
  public func statistics(of example: Example) throws(DSXError) -> NamedConfusion {
    var one = NamedConfusion()
    try add(example, to: &one)
    return one
  }
  /// Adds one example.
  public func add(_ example: Example, to statistics: inout NamedConfusion) throws(DSXError) {
    if let labels {
      for name in [example.gold, example.predicted] { _ = try labels.index(of: name) }
    }
    try statistics.add(
      gold: example.gold, predicted: example.predicted, weight: example.weight)
  }

  /// The labels that averages range over.
  public func labels(_ statistics: NamedConfusion) -> [String] {
    labels?.names ?? statistics.labels
  }

  /// The score; nil without examples, when it is not a number, and when the positive label does not occur.
  public func score(from statistics: NamedConfusion) -> Double? {
    guard statistics.count > 0 else { return nil }
    let names = labels(statistics)
    return score(statistics.table(over: names), names)
  }

  private func score(_ counts: PairCounts, _ names: [String]) -> Double? {
    let value: Double?
    switch kind {
    case .balancedAccuracy: value = counts.balancedAccuracy
    case .matthews: value = counts.matthews
    case .kappa(let weights): value = counts.kappa(weights)
    case .jaccard:
      value = place(names).map {
        counts.tallies.jaccard($0, zeroDivision: zeroDivision, absent: absent)
      }
    case .precision: value = averaged(counts, names)?.precision
    case .recall: value = averaged(counts, names)?.recall
    case .f: value = averaged(counts, names)?.f
    }
    return value.flatMap { $0.isNaN ? nil : $0 }
  }

  private func place(_ names: [String]) -> LabelAverage? {
    switch average {
    case .of(let average): average
    case .binary(let positive):
      names.firstIndex { $0.hasBytes(of: positive) }.map { .label($0) }
    }
  }
  private var beta: Double { if case .f(let beta) = kind { beta } else { 1 } }
  private func averaged(_ counts: PairCounts, _ names: [String]) -> PrecisionRecall? {
    place(names).map {
      counts.tallies.averaged($0, beta: beta, zeroDivision: zeroDivision, absent: absent)
    }
  }

  /// The main score; of precision, recall and F also all three, accuracy, and F of each label.
  public func scores(from statistics: NamedConfusion) -> [NamedScore] {
    let main = NamedScore(name, score(from: statistics))
    switch kind {
    case .precision, .recall, .f: break
    case .jaccard, .balancedAccuracy, .matthews, .kappa: return [main]
    }
    guard statistics.count > 0 else { return [main] }
    let names = labels(statistics)
    let counts = statistics.table(over: names)
    func kept(_ value: Double?) -> Double? { value.flatMap { $0.isNaN ? nil : $0 } }
    let scores = averaged(counts, names)
    var result = [
      main, NamedScore("precision", kept(scores?.precision)),
      NamedScore("recall", kept(scores?.recall)), NamedScore("f", kept(scores?.f)),
      NamedScore("accuracy", counts.accuracy),
    ]
    let each = counts.tallies.perLabel(beta: beta, zeroDivision: zeroDivision)
    for (name, scores) in zip(names, each) {
      result.append(NamedScore("f:" + name, kept(scores.f)))
    }
    return result
  }

  /// A bootstrap over the counts; nil for weighted examples and below two examples.
  public func standardError(from statistics: NamedConfusion) -> StandardError? {
    let names = labels(statistics)
    guard let matrix = statistics.matrix(over: names) else { return nil }
    return bootstrap.standardError(of: matrix) { score($0.counts, names) }
  }
}
