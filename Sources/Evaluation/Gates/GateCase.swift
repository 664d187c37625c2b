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
  /// Whether the cell is new: there is no earlier run, or that run has no such cell. A gate that is to
  /// fail when it cannot tell does not fail then, or no run could ever become the first baseline.
  public var isFirst: Bool

  /// A case.
  public init(
    rule: GateRule, cell: String, model: String, dataset: String, unit: String,
    higherIsBetter: Bool, value: Double?, evidence: PairedEvidence?, obstacle: String? = nil,
    isFirst: Bool = false
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
    self.isFirst = isFirst
  }
}
