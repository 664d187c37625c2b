internal import Metrics
internal import Reports

/// What a gate found.
public enum GateOutcome: String, Sendable, CaseIterable {
  /// Surely better than the baseline.
  case better
  /// The change is known to be smaller than the gate's resolution.
  case same
  /// Surely worse than the baseline.
  case worse
  /// Too few examples, or nothing to compare with.
  case cannotTell = "cannot-tell"

  /// The word for readers: `cannot tell`.
  public var word: String { self == .cannotTell ? "cannot tell" : rawValue }
}

/// One gate's question and all that is needed to answer it.
public struct GateCase: Sendable {
  /// The rule.
  public var rule: GateRule
  /// The cell's key.
  public var cell: String
  /// The model's name.
  public var model: String
  /// The data set's name.
  public var dataset: String
  /// The metric's unit.
  public var unit: String
  /// Whether larger is better.
  public var higherIsBetter: Bool
  /// The run's value over all its examples; nil when the cell has none.
  public var value: Double?
  /// The paired comparison; nil when there is none.
  public var evidence: PairedEvidence?
  /// Why there is no comparison.
  public var obstacle: String?

  /// A case.
  public init(
    rule: GateRule, cell: String, model: String, dataset: String, unit: String,
    higherIsBetter: Bool, value: Double?, evidence: PairedEvidence?, obstacle: String? = nil
  ) {
    self.rule = rule
    self.cell = cell
    self.model = model
    self.dataset = dataset
    self.unit = unit
    self.higherIsBetter = higherIsBetter
    self.value = value
    self.evidence = evidence
    self.obstacle = obstacle
  }
}

/// One gate with its answer.
public struct GateResult: Sendable {
  /// The question.
  public let question: GateCase
  /// What was found.
  public let outcome: GateOutcome
  /// Whether the gate lets the run pass.
  public let passed: Bool
  /// Whether the value is beyond the hard floor.
  public let breaksFloor: Bool
  /// The p-value corrected for the run's other gates; nil without a test.
  public let adjusted: Double?
  /// The smallest true change that this gate finds in 4 of 5 runs, at the level it is sure to be tested
  /// at; nil when it cannot be said.
  public let detectable: Double?
  /// How narrow the change had to be known for `same`.
  public let resolution: Double?
  /// Why, in one sentence with numbers and without a full stop.
  public let reason: String

  /// `tnews accuracy`, with the model in front where a run has several.
  public func name(withModel: Bool) -> String {
    (withModel ? question.model + " · " : "") + question.dataset + " " + question.rule.metric
  }
}

/// Decides the gates of one run together.
public enum GateJudge {
  /// The results in the order of the cases. Holm's correction goes over all cases that have a p-value;
  /// the stated smallest change is at Holm's strictest level.
  public static func judge(_ cases: [GateCase], _ settings: GateSettings) -> [GateResult] {
    let tested = cases.indices.filter { cases[$0].evidence?.pValue != nil }
    let pValues = tested.map { cases[$0].evidence?.pValue ?? 1 }
    let corrected = settings.correction == .holm ? Holm.adjusted(pValues) : pValues
    var adjusted: [Int: Double] = [:]
    for (place, index) in tested.enumerated() { adjusted[index] = corrected[place] }
    let level = settings.level(gates: max(1, tested.count))
    return cases.indices.map { index in
      result(cases[index], adjusted[index], settings, level)
    }
  }

  private static func result(
    _ question: GateCase, _ adjusted: Double?, _ settings: GateSettings, _ level: Double
  ) -> GateResult {
    let rule = question.rule
    let floor = breaksFloor(question)
    let evidence = question.evidence
    let detectable = evidence?.smallestChange(alpha: level, minimumEffect: rule.minimumEffect)
    let resolution = resolution(question)
    let (outcome, why) = outcome(question, adjusted, settings, detectable, resolution)
    var reason = why
    if floor, let bound = rule.hardFloor, let value = question.value {
      let words =
        "the value \(GateNumber.text(value, question.unit)) is "
        + (question.higherIsBetter ? "below" : "above")
        + " the hard floor \(GateNumber.text(bound, question.unit))"
      reason = outcome == .cannotTell && evidence == nil ? words : words + "; " + reason
    }
    let isUnsure = outcome == .cannotTell && rule.failsWhenUnsure
    return GateResult(
      question: question, outcome: outcome, passed: outcome != .worse && !floor && !isUnsure,
      breaksFloor: floor, adjusted: adjusted, detectable: detectable, resolution: resolution,
      reason: reason)
  }

  private static func breaksFloor(_ question: GateCase) -> Bool {
    guard let bound = question.rule.hardFloor else { return false }
    guard let value = question.value else { return false }
    // A value that is not a number is beyond every floor.
    return question.higherIsBetter ? !(value >= bound) : !(value <= bound)
  }

  private static func resolution(_ question: GateCase) -> Double? {
    let rule = question.rule
    if let resolution = rule.resolution { return resolution }
    if rule.minimumEffect > 0 { return rule.minimumEffect }
    guard let baseline = question.evidence?.baseline else { return nil }
    return GateRule.resolution(unit: question.unit, baseline: baseline)
  }

  private static func outcome(
    _ question: GateCase, _ adjusted: Double?, _ settings: GateSettings, _ detectable: Double?,
    _ resolution: Double?
  ) -> (GateOutcome, String) {
    let unit = question.unit
    guard let evidence = question.evidence else {
      return (.cannotTell, question.obstacle ?? "there is nothing to compare with")
    }
    guard let baseline = evidence.baseline, let value = evidence.value,
      let difference = evidence.difference, difference.isFinite
    else { return (.cannotTell, "the metric is not defined on the common examples") }
    guard let adjusted else {
      return (
        .cannotTell,
        "only \(evidence.units) \(evidence.units < evidence.examples ? "clusters" : "examples") "
          + "can be compared, at least \(PairedEvidence.leastUnits) are needed"
      )
    }
    let measured =
      "(\(GateNumber.signed(difference, unit)), \(evidence.shortMethod) on "
      + "\(NumberFormat.grouped(evidence.examples)) examples, p "
      + GateNumber.p(adjusted) + (settings.correction == .holm ? " after Holm)" : ")")
    let from = GateNumber.text(baseline, unit)
    let to = GateNumber.text(value, unit)
    let isLarge = abs(difference) >= question.rule.minimumEffect
    if adjusted <= settings.alpha, isLarge, difference != 0 {
      let isBetter = (difference > 0) == question.higherIsBetter
      let verb = difference > 0 ? "rose" : "fell"
      return (isBetter ? .better : .worse, "\(verb) from \(from) to \(to) \(measured)")
    }
    if adjusted <= settings.alpha, !isLarge {
      return (
        .same,
        "went from \(from) to \(to) \(measured), less than the minimum effect "
          + GateNumber.text(question.rule.minimumEffect, unit)
      )
    }
    if evidence.gains + evidence.losses == 0, difference == 0 {
      return (.same, "stayed at \(to): no example changed")
    }
    if let interval = evidence.interval, let resolution, interval.low >= -resolution,
      interval.high <= resolution
    {
      return (
        .same,
        "went from \(from) to \(to) \(measured), surely less than "
          + GateNumber.text(resolution, unit)
      )
    }
    var words = "went from \(from) to \(to) \(measured), which chance explains"
    if let detectable {
      words += "; changes below \(GateNumber.text(detectable, unit)) can hide in so few examples"
    }
    return (.cannotTell, words)
  }
}

extension PairedEvidence {
  /// `McNemar`, `paired bootstrap`, `randomisation`: for sentences.
  var shortMethod: String {
    isExact ? "McNemar's test" : isRandomised ? "randomisation" : "paired bootstrap"
  }
}

/// Numbers of gates in sentences.
enum GateNumber {
  static func text(_ value: Double, _ unit: String) -> String {
    switch unit {
    case "percent": NumberFormat.fixed(value, 2)
    case "ratio": NumberFormat.fixed(value, 4)
    default: NumberFormat.significant(value, 5)
    }
  }

  static func signed(_ value: Double, _ unit: String) -> String {
    (value > 0 ? "+" : "") + text(value, unit)
  }

  /// `= 0.012` or `< 0.001`.
  static func p(_ value: Double) -> String {
    value < 0.001 ? "< 0.001" : "= " + NumberFormat.fixed(value, 3)
  }
}
