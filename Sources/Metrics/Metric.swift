public import DSXCore

/// A metric after sacrebleu's pattern: per-example statistics that add, and a score from their sum.
///
/// So shards merge exactly, and intervals, paired tests, slices and resume are written once for all.
public protocol Metric: Sendable {
  /// What one example gives the metric, e.g. a gold and a predicted label.
  associatedtype Example: Sendable
  /// Sufficient statistics.
  associatedtype Statistics: MetricStatistics

  /// Its name in reports and on the command line, e.g. `accuracy`.
  var name: String { get }
  /// Every setting that changes the number, e.g. `labels:15|average:macro|version:0.1.0`.
  var signature: String { get }
  /// Whether larger is better.
  var higherIsBetter: Bool { get }
  /// The statistics of one example.
  func statistics(of example: Example) throws(DSXError) -> Statistics
  /// The score of summed statistics; nil when it is not defined (no examples).
  func score(from statistics: Statistics) -> Double?
}

/// Statistics that add and can be stored.
public protocol MetricStatistics: Sendable, Codable, Equatable {
  /// What nothing gives.
  static var zero: Self { get }
  /// The statistics of both.
  static func + (left: Self, right: Self) -> Self
}

/// One finished number with all that a reader needs to trust it.
public struct MetricResult: Sendable, Equatable {
  /// The metric's name.
  public var name: String
  /// The score; nil when it is not defined.
  public var value: Double?
  /// Its standard error; nil when it is not defined (fewer than two examples).
  public var standardError: Double?
  /// How the standard error was made: `binomial n-1`, `ratio`, `bootstrap 1000 seed 12345`.
  public var standardErrorMethod: String?
  /// Number of examples.
  public var count: Int
  /// The metric's signature.
  public var signature: String
  /// Whether larger is better.
  public var higherIsBetter: Bool

  /// A result.
  public init(
    name: String, value: Double?, standardError: Double?, standardErrorMethod: String?,
    count: Int, signature: String, higherIsBetter: Bool
  ) {
    self.name = name
    self.value = value
    self.standardError = standardError
    self.standardErrorMethod = standardErrorMethod
    self.count = count
    self.signature = signature
    self.higherIsBetter = higherIsBetter
  }
}
