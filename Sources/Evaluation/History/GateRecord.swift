/// One gate as the history keeps it.
public struct GateRecord: Sendable, Equatable {
  /// The cell's key.
  public var cell: String
  /// The model's name.
  public var model: String
  /// The data set's name.
  public var dataset: String
  /// The metric's key.
  public var metric: String
  /// `better`, `same`, `worse`, `cannot-tell`.
  public var outcome: String
  /// Whether it let the run pass.
  public var passed: Bool
  /// Whether the run fails with it.
  public var isRequired: Bool
  /// How it was tested.
  public var test: String?
  /// Common examples.
  public var examples: Int?
  /// What was resampled.
  public var units: Int?
  /// The baseline's score on the common examples.
  public var baseline: Double?
  /// The run's score on them.
  public var value: Double?
  /// value - baseline, with its interval and standard error.
  public var difference: Double?
  /// The interval's lower end.
  public var low: Double?
  /// The interval's upper end.
  public var high: Double?
  /// The standard error.
  public var standardError: Double?
  /// The p-value.
  public var pValue: Double?
  /// The p-value corrected for the run's other gates.
  public var adjusted: Double?
  /// The smallest change that the gate finds in 4 of 5 runs.
  public var detectable: Double?
  /// Examples that got better, and worse.
  public var gains: Int?
  /// Examples that got worse.
  public var losses: Int?
  /// The spread of a unit's contribution (`ChangeSpread`).
  public var variance: Double?
  /// The typical size of a unit's contribution (`ChangeSpread`).
  public var size: Double?
  /// What the spread is that of: units, or blocks of them.
  public var resampled: Int?
  /// Why.
  public var reason: String
}

extension GateRecord {
  /// What the history keeps of a result.
  public init(_ result: GateResult) {
    let (question, evidence) = (result.question, result.question.evidence)
    self.init(
      cell: question.cell, model: question.model, dataset: question.dataset,
      metric: question.rule.metric, outcome: result.outcome.rawValue, passed: result.passed,
      isRequired: question.rule.isRequired, test: evidence?.method, examples: evidence?.examples,
      units: evidence?.units, baseline: evidence?.baseline,
      value: evidence?.value ?? question.value, difference: evidence?.difference,
      low: evidence?.interval?.low, high: evidence?.interval?.high,
      standardError: evidence?.standardError, pValue: evidence?.pValue,
      adjusted: result.adjusted, detectable: result.detectable, gains: evidence?.gains,
      losses: evidence?.losses, variance: evidence?.spread?.variance,
      size: evidence?.spread?.size, resampled: evidence?.spread?.units, reason: result.reason)
  }
}
