public import DSXCore

/// rouge-score 0.1.2's `BootstrapAggregator`: percentiles of resampled means of per-example scores.
///
/// It draws from NumPy's legacy global generator, which rouge-score never seeds; here the generator is
/// passed in (`np.random.seed(seed)`), and several score types take from it one after the other.
public struct RougeBootstrap: Sendable, Equatable {
  /// Number of replicates.
  public let replicates: Int
  /// The nominal coverage.
  public let level: Double

  /// 1,000 replicates, 95 percent.
  public init(replicates: Int = 1000, level: Double = 0.95) {
    self.replicates = max(1, replicates)
    self.level = level
  }

  /// Percentiles of one column of scores.
  public struct Percentiles: Sendable, Equatable {
    /// The lower end of the interval.
    public var low: Double
    /// The 50th percentile, which rouge-score's documentation calls the mean.
    public var mid: Double
    /// The upper end of the interval.
    public var high: Double
  }

  /// The percentiles of each column's mean; `scores` holds a row an example, all of one width.
  public func percentiles(_ scores: [[Double]], _ generator: inout MT19937) -> [Percentiles] {
    guard let width = scores.first?.count, let bound = UInt32(exactly: scores.count),
      scores.allSatisfy({ $0.count == width })
    else { return [] }
    var means = [[Double]](repeating: [], count: width)
    for _ in 0..<replicates {
      var sums = [Double](repeating: 0, count: width)
      for _ in scores.indices {
        let row = scores[Int(generator.bounded(bound))]
        for column in 0..<width { sums[column] += row[column] }
      }
      for column in 0..<width { means[column].append(sums[column] / Double(scores.count)) }
    }
    let tail = (1 - level) / 2
    return means.map { column in
      let sorted = column.sorted()
      return Percentiles(
        low: Quantile.linear(sorted, tail), mid: Quantile.linear(sorted, 0.5),
        high: Quantile.linear(sorted, 1 - tail))
    }
  }
}
