public import DSXCore

/// A metric as commands and documentation know it: one per metric, `static let entry` in the metric's
/// own file and one line in `Builtins`.
///
/// Everything that `dsx metrics show`, the page docs/metrics.md and the tests of the registry say
/// about a metric comes from here.
public struct MetricEntry: Sendable {
  /// Makes the metric with these options.
  public typealias Maker = @Sendable (MetricOptions) throws(DSXError) -> AnyMetric

  /// Its name on the command line, e.g. `bleu`; lower case, words joined by `-`.
  public let name: String
  /// What kind of task it measures.
  public let group: MetricGroup
  /// One sentence without a full stop.
  public let summary: String
  /// The definition in plain characters, e.g. `right answers / n`.
  public let formula: String
  /// The unit of the score: `ratio`, `percent`, `nats`, `bits per byte`, ...
  public let unit: String
  /// The values that a score can take.
  public let range: ClosedRange<Double>
  /// Whether larger is better.
  public let higherIsBetter: Bool
  /// The settings, each with its default.
  public let parameters: [MetricParameter]
  /// What it reads of each example.
  public let inputs: [MetricColumn]
  /// Whose numbers it gives: library with version, paper.
  public let reference: String
  /// What happens at the edges, one sentence each.
  public let edgeCases: [String]
  /// Preset parameters that give another library's numbers, by the name that `--compat` takes.
  public let compat: [String: [String: JSONValue]]
  /// Makes the metric; use `metric(_:)`, which also attaches the entry's own facts.
  public let make: Maker

  /// An entry.
  public init(
    name: String, group: MetricGroup, summary: String, formula: String, unit: String,
    range: ClosedRange<Double>, higherIsBetter: Bool, parameters: [MetricParameter] = [],
    inputs: [MetricColumn], reference: String, edgeCases: [String],
    compat: [String: [String: JSONValue]] = [:], make: @escaping Maker
  ) {
    self.name = name
    self.group = group
    self.summary = summary
    self.formula = formula
    self.unit = unit
    self.range = range
    self.higherIsBetter = higherIsBetter
    self.parameters = parameters
    self.inputs = inputs
    self.reference = reference
    self.edgeCases = edgeCases
    self.compat = compat
    self.make = make
  }

  /// The metric with these options; throws on values that the parameters do not take.
  public func metric(_ options: MetricOptions) throws(DSXError) -> AnyMetric {
    var metric = try make(options)
    metric.entryName = name
    metric.options = options.json
    metric.unit = unit
    metric.range = range
    return metric
  }

  /// The metric with every parameter at its default.
  public func metric() throws(DSXError) -> AnyMetric { try metric(options()) }

  /// Options from values by name; an unknown name's error names the nearest one.
  public func options(_ values: [String: JSONValue] = [:]) throws(DSXError) -> MetricOptions {
    try MetricOptions(metric: name, parameters: parameters, values: values)
  }

  /// The input of that role; nil when the metric has none.
  public func input(_ role: String) -> MetricColumn? { inputs.first { $0.role == role } }
}

/// What kind of task a metric measures.
public enum MetricGroup: String, Sendable, CaseIterable {
  /// Labels against labels, or scores against labels.
  case classification
  /// Log-likelihoods of texts and choices.
  case languageModel = "language-model"
  /// Texts against reference texts.
  case generation
  /// Answers, entities and segments against gold ones.
  case extraction
  /// Numbers against numbers.
  case regression
  /// Ranked lists against relevance.
  case ranking
  /// Pixels against pixels.
  case image
}
