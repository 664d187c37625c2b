internal import Metrics
internal import Reports

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
    } else if evidence == nil, let bound = rule.hardFloor, let value = question.value {
      // Without a comparison the floor is all that was judged.
      reason =
        "the value \(GateNumber.text(value, question.unit)) keeps the hard floor "
        + "\(GateNumber.text(bound, question.unit)); " + reason
    }
    let isNew = question.isFirst && question.value != nil
    let isUnsure = outcome == .cannotTell && rule.failsWhenUnsure && !isNew
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
