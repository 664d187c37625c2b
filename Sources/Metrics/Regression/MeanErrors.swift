public import DSXCore

/// Mean squared error.
public struct MeanSquaredError: MeanMetric {
  /// A true and a predicted value.
  public typealias Example = NumberPair
  /// The metric.
  public init() {}
  /// `mse`.
  public var name: String { "mse" }
  /// Nothing to set.
  public var signature: String { "version:1" }
  /// false
  public var higherIsBetter: Bool { false }
  /// (gold - predicted)²
  public func value(of example: NumberPair) throws(DSXError) -> Double {
    try example.check()
    let error = example.gold - example.predicted
    return error * error
  }
}

/// Root of the mean squared error; its standard error by the delta method, se(mse) / (2 rmse).
public struct RootMeanSquaredError: Metric {
  /// The metric.
  public init() {}
  /// `rmse`.
  public var name: String { "rmse" }
  /// Nothing to set.
  public var signature: String { "version:1" }
  /// false
  public var higherIsBetter: Bool { false }
  /// true: the error of a mean needs sums only.
  public var hasAnalyticError: Bool { true }
  /// No example.
  public var zero: MeanStatistics { MeanStatistics() }
  /// One squared error.
  public func statistics(of example: NumberPair) throws(DSXError) -> MeanStatistics {
    try MeanSquaredError().statistics(of: example)
  }
  /// Adds one squared error.
  public func add(_ example: NumberPair, to statistics: inout MeanStatistics) throws(DSXError) {
    try MeanSquaredError().add(example, to: &statistics)
  }
  /// sqrt(mean)
  public func score(from statistics: MeanStatistics) -> Double? {
    statistics.mean?.squareRoot()
  }
  /// se(mse) / (2 rmse); nil when the error is 0.
  public func standardError(from statistics: MeanStatistics) -> StandardError? {
    guard let error = statistics.meanError, let root = score(from: statistics), root > 0 else {
      return nil
    }
    return StandardError(error / (2 * root), method: "sample deviation / sqrt(n), delta method")
  }
}

/// Mean absolute error.
public struct MeanAbsoluteError: MeanMetric {
  /// A true and a predicted value.
  public typealias Example = NumberPair
  /// The metric.
  public init() {}
  /// `mae`.
  public var name: String { "mae" }
  /// Nothing to set.
  public var signature: String { "version:1" }
  /// false
  public var higherIsBetter: Bool { false }
  /// |gold - predicted|
  public func value(of example: NumberPair) throws(DSXError) -> Double {
    try example.check()
    return abs(example.gold - example.predicted)
  }
}

/// Mean absolute percentage error as a ratio: |gold - predicted| / max(|gold|, 2^-52), as scikit-learn.
public struct MeanAbsolutePercentageError: MeanMetric {
  /// A true and a predicted value.
  public typealias Example = NumberPair
  /// The metric.
  public init() {}
  /// `mape`.
  public var name: String { "mape" }
  /// The least divisor.
  public var signature: String { "floor:2^-52|version:1" }
  /// false
  public var higherIsBetter: Bool { false }
  /// The relative error.
  public func value(of example: NumberPair) throws(DSXError) -> Double {
    try example.check()
    return abs(example.gold - example.predicted) / max(abs(example.gold), Double.ulpOfOne)
  }
}
