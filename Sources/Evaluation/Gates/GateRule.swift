/// One gate as a recipe states it.
public struct GateRule: Sendable, Equatable {
  /// The data set's name in the recipe; nil: every cell that has the metric.
  public var dataset: String?
  /// The model's name in the recipe; nil: every model.
  public var model: String?
  /// The metric's key in the results.
  public var metric: String
  /// The test.
  public var test: GateTest
  /// Changes smaller than that are never better or worse, however sure they are; in the metric's unit.
  public var minimumEffect: Double
  /// How narrow a change must be known to be called the same; nil: `GateRule.resolution(unit:baseline:)`.
  public var resolution: Double?
  /// The value must not be worse than that, whatever the baseline: not below it where higher is better,
  /// not above it where lower is better.
  public var hardFloor: Double?
  /// Whether the run fails with it.
  public var isRequired: Bool
  /// Whether a gate that cannot tell fails.
  public var failsWhenUnsure: Bool
  /// The column whose values make clusters; nil: the clusters of the examples' file, if any.
  public var line: Int?

  /// A gate.
  public init(
    dataset: String? = nil, model: String? = nil, metric: String, test: GateTest = .auto,
    minimumEffect: Double = 0, resolution: Double? = nil, hardFloor: Double? = nil,
    isRequired: Bool = true, failsWhenUnsure: Bool = false, line: Int? = nil
  ) {
    self.dataset = dataset
    self.model = model
    self.metric = metric
    self.test = test
    self.minimumEffect = minimumEffect
    self.resolution = resolution
    self.hardFloor = hardFloor
    self.isRequired = isRequired
    self.failsWhenUnsure = failsWhenUnsure
    self.line = line
  }

  /// The resolution of a gate that names neither it nor a minimum effect: 0.02 of a ratio, 2 of a
  /// percentage, else 2 per cent of the baseline's value.
  public static func resolution(unit: String, baseline: Double) -> Double {
    switch unit {
    case "ratio": 0.02
    case "percent": 2
    default: 0.02 * abs(baseline)
    }
  }
}
