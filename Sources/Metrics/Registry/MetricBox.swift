internal import DSXCore

/// What `AnyMetric` asks of a metric whose types it hides.
protocol MetricBox: Sendable {
  var name: String { get }
  var signature: String { get }
  var higherIsBetter: Bool { get }
  var stateVersion: Int { get }
  var hasAnalyticError: Bool { get }
  var zero: AnyStatistics { get }
  func statistics(of row: MetricRow) throws(DSXError) -> AnyStatistics
  func accumulator() -> any MetricAccumulator
  func withOwnScratch() -> any MetricBox
  func sum(_ left: AnyStatistics, _ right: AnyStatistics) throws(DSXError) -> AnyStatistics
  func statistics(components: [Double], count: Int) -> AnyStatistics?
  func score(from statistics: AnyStatistics) -> Double?
  func scores(from statistics: AnyStatistics) -> [NamedScore]
  func standardError(from statistics: AnyStatistics) -> StandardError?
  func signature(from statistics: AnyStatistics) -> String
  func resampledScore(single components: [Float], count: Int) -> Double?
  func decode(_ value: JSONValue) throws(DSXError) -> AnyStatistics
}

/// What a table asks of a metric with vectors about all its rows at once: one hidden type a table, not
/// one a row.
protocol VectorBox: Sendable {
  func total(_ matrix: ExampleMatrix) throws(DSXError) -> AnyStatistics
  func sums(_ matrix: ExampleMatrix, places: [Int], groups: Int) throws(DSXError) -> [AnyStatistics]
  func rowScores(_ matrix: ExampleMatrix) -> [Double?]
  func scores(_ matrix: ExampleMatrix, without rows: [Int], of whole: AnyStatistics) -> [Double?]
}

/// The same of a metric whose examples may be right or wrong.
protocol TrialBox: Sendable {
  /// Whether every row is one trial.
  func areTrials(_ matrix: ExampleMatrix) -> Bool
}

/// One metric and how its examples are made.
struct TypedMetricBox<M: Metric>: MetricBox {
  let metric: M
  let example: @Sendable (MetricRow) throws(DSXError) -> M.Example

  var name: String { metric.name }
  var signature: String { metric.signature }
  var higherIsBetter: Bool { metric.higherIsBetter }
  var stateVersion: Int { metric.stateVersion }
  var hasAnalyticError: Bool { metric.hasAnalyticError }
  var zero: AnyStatistics { AnyStatistics(metric.zero) }

  func statistics(of row: MetricRow) throws(DSXError) -> AnyStatistics {
    AnyStatistics(try metric.statistics(of: example(row)))
  }

  func accumulator() -> any MetricAccumulator { TypedAccumulator(self) }

  func withOwnScratch() -> any MetricBox {
    TypedMetricBox(metric: metric.withOwnScratch(), example: example)
  }

  func sum(_ left: AnyStatistics, _ right: AnyStatistics) throws(DSXError) -> AnyStatistics {
    var sum = try own(left)
    try sum.add(own(right))
    return AnyStatistics(sum)
  }

  func statistics(components: [Double], count: Int) -> AnyStatistics? {
    guard let type = M.Statistics.self as? any VectorStatistics.Type else { return nil }
    return AnyStatistics(type.init(components: components, count: count))
  }

  func score(from statistics: AnyStatistics) -> Double? {
    (statistics.value as? M.Statistics).flatMap { metric.score(from: $0) }
  }

  func scores(from statistics: AnyStatistics) -> [NamedScore] {
    (statistics.value as? M.Statistics).map { metric.scores(from: $0) } ?? []
  }

  func standardError(from statistics: AnyStatistics) -> StandardError? {
    (statistics.value as? M.Statistics).flatMap { metric.standardError(from: $0) }
  }

  func signature(from statistics: AnyStatistics) -> String {
    (statistics.value as? M.Statistics).map { metric.signature(from: $0) } ?? metric.signature
  }

  func resampledScore(single components: [Float], count: Int) -> Double? {
    if let metric = metric as? any SinglePrecisionResampling {
      return metric.resampledScore(single: components)
    }
    return statistics(components: components.map(Double.init), count: count).flatMap {
      score(from: $0)
    }
  }

  func decode(_ value: JSONValue) throws(DSXError) -> AnyStatistics {
    AnyStatistics(try JSONValueDecoder.decode(M.Statistics.self, from: value))
  }

  func own(_ statistics: AnyStatistics) throws(DSXError) -> M.Statistics {
    if let own = statistics.value as? M.Statistics { return own }
    throw DSXError(
      .malformed, "statistics of another metric cannot be added to those of \(metric.name)")
  }
}

extension TypedMetricBox: VectorBox where M.Statistics: VectorStatistics {
  func total(_ matrix: ExampleMatrix) throws(DSXError) -> AnyStatistics {
    AnyStatistics(try M.Statistics.total(of: matrix, zero: metric.zero))
  }

  func sums(_ matrix: ExampleMatrix, places: [Int], groups: Int) throws(DSXError)
    -> [AnyStatistics]
  {
    try M.Statistics.sums(of: matrix, places: places, groups: groups, zero: metric.zero)
      .map(AnyStatistics.init)
  }

  func rowScores(_ matrix: ExampleMatrix) -> [Double?] {
    M.Statistics.scores(of: matrix) { metric.score(from: $0) }
  }

  func scores(_ matrix: ExampleMatrix, without rows: [Int], of whole: AnyStatistics) -> [Double?] {
    guard let whole = whole.value as? M.Statistics else {
      return [Double?](repeating: nil, count: rows.count)
    }
    return M.Statistics.scores(of: matrix, without: rows, whole: whole) { metric.score(from: $0) }
  }
}

extension TypedMetricBox: TrialBox where M.Statistics: VectorStatistics & ProportionStatistics {
  func areTrials(_ matrix: ExampleMatrix) -> Bool {
    var components = [Double](repeating: 0, count: matrix.width)
    for row in 0..<matrix.rows {
      let count = matrix.read(row, into: &components)
      guard M.Statistics(components: components, count: count).proportion?.trials == 1 else {
        return false
      }
    }
    return true
  }
}

/// The running sum of a typed metric.
final class TypedAccumulator<M: Metric>: MetricAccumulator {
  private let box: TypedMetricBox<M>
  private var sum: M.Statistics

  init(_ box: TypedMetricBox<M>) {
    self.box = box
    sum = box.metric.zero
  }

  func add(_ row: MetricRow) throws(DSXError) {
    try box.metric.add(box.example(row), to: &sum)
  }

  func addKeeping(_ row: MetricRow) throws(DSXError) -> AnyStatistics {
    let one = try box.metric.statistics(of: box.example(row))
    try sum.add(one)
    return AnyStatistics(one)
  }

  func merge(_ other: AnyStatistics) throws(DSXError) { try sum.add(box.own(other)) }

  var statistics: AnyStatistics { AnyStatistics(sum) }
}
