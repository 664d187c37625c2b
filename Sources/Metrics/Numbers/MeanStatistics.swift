public import DSXCore

/// Statistics of a mean: how many numbers, their sum and the sum of their squares, both exact.
public struct MeanStatistics: MeanOfExamples {
  /// Number of examples.
  public private(set) var count = 0
  private(set) var total = ExactSum()
  private(set) var squares = ExactSum()

  /// No number.
  public init() {}

  /// The exact sum, rounded once.
  public var sum: Double { total.value }
  /// sum / count; nil without numbers.
  public var mean: Double? { count > 0 ? total.value / Double(count) : nil }

  /// Adds one number; one that is not finite is an error.
  public mutating func add(_ value: Double) throws(DSXError) {
    guard value.isFinite else {
      throw DSXError(.malformed, "an example's score is not a finite number (\(value))")
    }
    count += 1
    total.add(value)
    squares.add(product: value, value)
  }

  /// Adds the numbers of other examples.
  public mutating func add(_ other: MeanStatistics) throws(DSXError) {
    count = try ExampleCount.sum(count, other.count)
    total.add(other.total)
    squares.add(other.squares)
  }

  /// The sample standard deviation over sqrt(n), from exact sums; nil below two numbers.
  public var meanError: Double? {
    guard count > 1 else { return nil }
    let n = Double(count)
    let variation = ExactSum.variation(count, products: squares, total, total)
    return (max(0, variation) / n / (n - 1) / n).squareRoot()
  }

  private enum CodingKeys: String, CodingKey { case count, total, squares }

  /// Reads what was written; a count below 0 is an error.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    count = try ExampleCount.checked(container.decode(Int.self, forKey: .count))
    total = try container.decode(ExactSum.self, forKey: .total)
    squares = try container.decode(ExactSum.self, forKey: .squares)
  }
}

extension MeanStatistics: VectorStatistics {
  /// Sum and sum of squares.
  public var components: [Double] { [total.value, squares.value] }
  /// From sum and sum of squares.
  public init(components: [Double], count: Int) {
    self.count = max(0, count)
    guard components.count == 2 else { return }
    total.add(components[0])
    squares.add(components[1])
  }
}

/// Checks of counts that come from files.
enum ExampleCount {
  /// The largest count: exact as a double.
  static let limit = 1 << 53

  /// The count, when it can be one.
  static func checked(_ count: Int) throws(DSXError) -> Int {
    guard (0...limit).contains(count) else {
      throw DSXError(.malformed, "\(count) cannot be a number of examples")
    }
    return count
  }

  /// The sum of two counts.
  static func sum(_ left: Int, _ right: Int) throws(DSXError) -> Int {
    let (sum, overflow) = left.addingReportingOverflow(right)
    guard !overflow, (0...limit).contains(sum) else {
      throw DSXError(.malformed, "a sum of counts is over 2^53")
    }
    return sum
  }
}

/// A metric whose score is the mean of one number an example, times a scale.
public protocol MeanMetric: Metric where Statistics == MeanStatistics {
  /// What the mean is multiplied by: 100 for percent, else 1.
  var scale: Double { get }
  /// The number of one example. Throws on an example that the metric does not take.
  func value(of example: Example) throws(DSXError) -> Double
}

extension MeanMetric {
  /// 1
  public var scale: Double { 1 }
  /// true: the error of a mean needs sums only.
  public var hasAnalyticError: Bool { true }
  /// No example.
  public var zero: MeanStatistics { MeanStatistics() }
  /// One example's number.
  public func statistics(of example: Example) throws(DSXError) -> MeanStatistics {
    var one = MeanStatistics()
    try one.add(value(of: example))
    return one
  }
  /// Adds one example's number.
  public func add(_ example: Example, to statistics: inout MeanStatistics) throws(DSXError) {
    try statistics.add(value(of: example))
  }
  /// scale * mean
  public func score(from statistics: MeanStatistics) -> Double? {
    statistics.mean.map { scale * $0 }
  }
  /// scale * sample deviation / sqrt(n)
  public func standardError(from statistics: MeanStatistics) -> StandardError? {
    statistics.meanError.map { StandardError(scale * $0, method: "sample deviation / sqrt(n)") }
  }
}
