public import DSXCore

/// A metric after sacrebleu's pattern: per-example statistics that add, and a score from their sum.
///
/// So shards merge exactly, and intervals, slices and resume are written once for all. Score and
/// standard error depend on the summed statistics only: not on order, partition or worker count.
public protocol Metric<Example, Statistics>: Sendable {
  /// What one example gives the metric, e.g. a gold and a predicted label.
  associatedtype Example: Sendable
  /// Sufficient statistics.
  associatedtype Statistics: MetricStatistics

  /// Its name in reports and on the command line, e.g. `accuracy`.
  var name: String { get }
  /// Every setting that changes the number, e.g. `labels:15|average:macro|zero_division:0|version:1`.
  var signature: String { get }
  /// Whether larger is better.
  var higherIsBetter: Bool { get }
  /// What nothing gives; statistics of labels have the shape of the declared labels.
  var zero: Statistics { get }
  /// The statistics of one example. Throws on an example that the metric does not take.
  func statistics(of example: Example) throws(DSXError) -> Statistics
  /// Adds one example to running statistics; the same as `+=` of `statistics(of:)`, but without
  /// making them.
  func add(_ example: Example, to statistics: inout Statistics) throws(DSXError)
  /// The score of summed statistics; nil when it is not defined (no examples).
  func score(from statistics: Statistics) -> Double?
  /// The standard error of the score; nil when it is not defined (fewer than two examples).
  func standardError(from statistics: Statistics) -> StandardError?
  /// All scores that the statistics give, e.g. F, precision and recall; the main one is first and
  /// equals `score(from:)`.
  func scores(from statistics: Statistics) -> [NamedScore]
  /// The signature with what only the data say, e.g. the number of references (`nrefs:2`); the metric's
  /// own signature unless said otherwise.
  func signature(from statistics: Statistics) -> String
  /// Whether `standardError(from:)` is exact from the sums, so that nothing need be resampled; false
  /// unless said otherwise.
  var hasAnalyticError: Bool { get }
  /// The version of the form in which the statistics are stored; 1 unless said otherwise.
  var stateVersion: Int { get }
  /// The same metric with working memory of its own; itself unless it has some. A thread that adds many
  /// examples takes one: cores that hand one count of references to each other wait for it.
  func withOwnScratch() -> Self
}

/// Statistics that add and can be stored.
public protocol MetricStatistics: Sendable, Codable, Equatable {
  /// Number of examples in the sum.
  var count: Int { get }
  /// Adds the statistics of other examples. Throws when both were made with other settings
  /// (another number of labels).
  mutating func add(_ other: Self) throws(DSXError)
}

/// A standard error and how it was made.
public struct StandardError: Sendable, Equatable {
  /// The number.
  public var value: Double
  /// `binomial n-1`, `ratio estimator over documents`, `bootstrap 1000 seed 12345`.
  public var method: String
  /// The standard error of the score's logarithm, for scores whose intervals are made there: a product of
  /// many factors is skewed, and its lower end must not pass below what such a score can be.
  public var logarithmic: Double?

  /// A standard error.
  public init(_ value: Double, method: String, logarithmic: Double? = nil) {
    self.value = value
    self.method = method
    self.logarithmic = logarithmic
  }
}

extension Metric {
  /// 1
  public var stateVersion: Int { 1 }
  /// false
  public var hasAnalyticError: Bool { false }
  /// Itself.
  public func withOwnScratch() -> Self { self }
  /// The metric's own signature.
  public func signature(from _: Statistics) -> String { signature }
  /// The main score alone.
  public func scores(from statistics: Statistics) -> [NamedScore] {
    [NamedScore(name, score(from: statistics))]
  }
  /// nil: intervals of such a metric come from resampling.
  public func standardError(from _: Statistics) -> StandardError? { nil }

  /// Adds one example through its own statistics.
  public func add(_ example: Example, to statistics: inout Statistics) throws(DSXError) {
    try statistics.add(self.statistics(of: example))
  }

  /// The statistics of all examples, in one pass. An error names the example's index as its row.
  public func statistics(of examples: some Sequence<Example>) throws(DSXError) -> Statistics {
    var sum = zero
    var index = 0
    for example in examples {
      do { try add(example, to: &sum) } catch {
        var placed = error
        if placed.location.row == nil { placed.location.row = index }
        throw placed
      }
      index += 1
    }
    return sum
  }

  /// The finished number from summed statistics.
  public func result(from statistics: Statistics) -> MetricResult {
    let error = standardError(from: statistics)
    return MetricResult(
      name: name, value: score(from: statistics), standardError: error?.value,
      standardErrorMethod: error?.method, count: statistics.count,
      signature: signature(from: statistics), higherIsBetter: higherIsBetter)
  }

  /// The finished number of examples. No example at all is an error (`nothing-to-do`).
  public func evaluate(_ examples: some Sequence<Example>) throws(DSXError) -> MetricResult {
    let sum = try statistics(of: examples)
    guard sum.count > 0 else {
      throw DSXError(
        .nothingToDo, "\(name) of no examples is not defined",
        hint: "check the data set's split, subset and limit")
    }
    return result(from: sum)
  }
}
