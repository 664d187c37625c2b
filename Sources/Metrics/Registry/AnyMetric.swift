public import DSXCore

/// A metric whose types are hidden, so that a command can hold any number of different ones.
///
/// It reads rows, adds and merges statistics, scores them and writes them as JSON. Bulk work goes
/// through `accumulator()`: one dynamic call an example and no copies.
public struct AnyMetric: Sendable {
  private var box: any MetricBox
  /// The name in the registry; the metric's own name where it came from elsewhere.
  public internal(set) var entryName: String
  /// The settings as `MetricOptions.json` gives them.
  public internal(set) var options: JSONValue = .object([])
  /// The unit of the score.
  public internal(set) var unit = ""
  /// The values that a score can take.
  public internal(set) var range: ClosedRange<Double> = -.infinity ... .infinity

  /// Hides a metric's types; `example` makes the metric's example from a row's values.
  public init<M: Metric>(
    _ metric: M, example: @escaping @Sendable (MetricRow) throws(DSXError) -> M.Example
  ) {
    box = TypedMetricBox(metric: metric, example: example)
    entryName = metric.name
  }

  /// The metric's work on whole tables; nil for metrics without vectors.
  var vectors: (any VectorBox)? { box as? any VectorBox }
  /// The same of metrics whose examples may be right or wrong.
  var trials: (any TrialBox)? { box as? any TrialBox }

  /// The metric's name with its settings where they are part of it, e.g. `chrF2`.
  public var name: String { box.name }
  /// Every setting that changes the number.
  public var signature: String { box.signature }
  /// Whether larger is better.
  public var higherIsBetter: Bool { box.higherIsBetter }
  /// The version of the stored statistics' form.
  public var stateVersion: Int { box.stateVersion }
  /// Whether the standard error or Wilson's interval follows from the sums alone.
  public var hasAnalyticError: Bool {
    box.hasAnalyticError || box.zero.value is any ProportionStatistics
  }
  /// What nothing gives.
  public var zero: AnyStatistics { box.zero }
  /// Whether each example's statistics are a row of numbers (`VectorStatistics`).
  public var hasVectors: Bool { box.zero.components != nil }

  /// The statistics of one example.
  public func statistics(of row: MetricRow) throws(DSXError) -> AnyStatistics {
    try box.statistics(of: row)
  }
  /// The same metric with working memory of its own, for one thread.
  public func withOwnScratch() -> AnyMetric {
    var own = self
    own.box = box.withOwnScratch()
    return own
  }
  /// An empty running sum.
  public func accumulator() -> any MetricAccumulator { box.accumulator() }
  /// The sum of both. Statistics of another metric are an error.
  public func sum(_ left: AnyStatistics, _ right: AnyStatistics) throws(DSXError) -> AnyStatistics {
    try box.sum(left, right)
  }
  /// The statistics whose vector is the sum of `count` examples' vectors; nil for metrics without
  /// vectors.
  public func statistics(components: [Double], count: Int) -> AnyStatistics? {
    box.statistics(components: components, count: count)
  }
  /// The main score; nil when it is not defined.
  public func score(from statistics: AnyStatistics) -> Double? { box.score(from: statistics) }
  /// All scores that the statistics give, the main one first.
  public func scores(from statistics: AnyStatistics) -> [NamedScore] {
    box.scores(from: statistics)
  }
  /// The analytic standard error of the main score; nil when it is not defined.
  public func standardError(from statistics: AnyStatistics) -> StandardError? {
    box.standardError(from: statistics)
  }
  /// The signature with what only the data say, e.g. the number of references.
  public func signature(from statistics: AnyStatistics) -> String {
    box.signature(from: statistics)
  }
  /// Right and all trials when the main score is their ratio: what a Wilson interval needs.
  public func proportion(from statistics: AnyStatistics) -> Proportion? {
    (statistics.value as? any ProportionStatistics).flatMap(\.proportion)
  }
  /// The score by the arithmetic of the library that `compat` names, when that differs from the
  /// metric's own (sacrebleu resamples in single precision); else the score.
  public func resampledScore(single components: [Float], count: Int) -> Double? {
    box.resampledScore(single: components, count: count)
  }

  /// Texts that lost all their tokens in the metric's tokenizer: a reason for a warning.
  public func textsWithoutTokens(in statistics: AnyStatistics) -> Int {
    (statistics.value as? any TokenLossStatistics)?.textsWithoutTokens ?? 0
  }

  /// The statistics as JSON.
  public func encode(_ statistics: AnyStatistics) throws(DSXError) -> JSONValue {
    try JSONValueEncoder.encode(statistics.value)
  }
  /// Statistics from the JSON that `encode` gave; anything else is an error.
  public func decode(_ value: JSONValue) throws(DSXError) -> AnyStatistics { try box.decode(value) }
}

/// Statistics of any metric.
public struct AnyStatistics: Sendable {
  let value: any MetricStatistics

  /// Hides the type of statistics.
  public init(_ value: any MetricStatistics) { self.value = value }
  /// Number of examples in the sum.
  public var count: Int { value.count }
  /// The numbers of a `VectorStatistics`; nil of others.
  public var components: [Double]? {
    guard let vector = value as? any VectorStatistics, vector.isVector else { return nil }
    return vector.components
  }
}

/// A running sum of one metric's statistics. Single-owner: one for each thread.
public protocol MetricAccumulator: AnyObject {
  /// Adds one example.
  func add(_ row: MetricRow) throws(DSXError)
  /// Adds one example and gives its own statistics.
  func addKeeping(_ row: MetricRow) throws(DSXError) -> AnyStatistics
  /// Adds statistics of other examples.
  func merge(_ other: AnyStatistics) throws(DSXError)
  /// The sum so far.
  var statistics: AnyStatistics { get }
}
