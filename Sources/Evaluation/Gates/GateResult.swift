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
