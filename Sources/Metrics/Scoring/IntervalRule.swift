internal import DSXCore

/// How intervals are made.
public struct IntervalRule: Sendable, Equatable {
  /// The kinds.
  public enum Kind: String, Sendable, CaseIterable {
    /// Wilson for proportions, normal where the metric has an exact standard error, else bootstrap.
    case auto
    /// No interval.
    case none
    /// Wilson or normal only; metrics without an exact standard error have none.
    case analytic
    /// Percentiles of resampled scores.
    case bootstrap
  }

  /// The kind.
  public var kind: Kind
  /// Number of replicates.
  public var replicates: Int
  /// Seed of the generator.
  public var seed: UInt64
  /// The nominal coverage.
  public var level: Double
  /// The library whose stream is drawn: `sacrebleu`, `rouge-score`, `lm-eval`; nil for dsx's own.
  public var compat: String?
  /// Threads for resampling; never changes an interval.
  public var workers: Int

  /// A rule.
  public init(
    _ kind: Kind = .auto, replicates: Int = 1000, seed: UInt64 = 12345, level: Double = 0.95,
    compat: String? = nil, workers: Int = 1
  ) {
    self.workers = workers
    self.kind = kind
    self.replicates = replicates
    self.seed = seed
    self.level = level
    self.compat = compat
  }

  /// Whether the interval of that metric needs its examples' own statistics.
  public func needsExamples(_ metric: AnyMetric) -> Bool {
    switch kind {
    case .none, .analytic: false
    case .bootstrap: true
    case .auto: !metric.hasAnalyticError
    }
  }

  /// The interval of a score from its sums and, where needed, its examples.
  ///
  /// `place`: which metric of the report this is. `isClustered`: analytic errors take examples as independent, so clusters always resample.
  func interval(
    _ metric: AnyMetric, _ statistics: AnyStatistics, _ table: ExampleTable?, isClustered: Bool,
    place: Int = 0
  ) throws(DSXError) -> Interval? {
    guard kind != .none, let score = metric.score(from: statistics), score.isFinite else {
      return nil
    }
    if kind == .bootstrap || isClustered { return try resampled(metric, table, place) }
    if let proportion = metric.proportion(from: statistics) {
      var interval = Interval.wilson(proportion, level: level)
      interval?.standardError = metric.standardError(from: statistics)?.value
      return interval
    }
    if metric.hasAnalyticError {
      if compat == nil, let interval = extreme(metric, statistics, score) { return interval }
      return metric.standardError(from: statistics).map {
        Interval.normal(score: score, error: $0, level: level, range: metric.range)
      }.flatMap { $0.low.isFinite && $0.high.isFinite ? $0 : nil }
    }
    return kind == .auto ? try resampled(metric, table, place) : nil
  }

  /// Where every example has the lowest or the highest score that there is, the examples' deviation is 0
  /// and says nothing of others. Of all distributions over the metric's range with a given mean the one
  /// over its two ends makes that likeliest: Wilson's interval of so many misses, or hits, is a bound.
  private func extreme(_ metric: AnyMetric, _ statistics: AnyStatistics, _ score: Double)
    -> Interval?
  {
    let range = metric.range
    let (trials, width) = (statistics.value.count, range.upperBound - range.lowerBound)
    // Some scores of equal texts miss the end by a rounding. An end beyond 100 is no end of a scale.
    func reaches(_ end: Double) -> Bool { abs(score - end) <= 1e-8 * width }
    guard statistics.value is any MeanOfExamples, width <= 100, trials > 0,
      reaches(range.lowerBound) || reaches(range.upperBound),
      var interval = Interval.wilson(
        Proportion(hits: reaches(range.upperBound) ? trials : 0, trials: trials), level: level)
    else { return nil }
    interval.low = min(score, range.lowerBound + interval.low * width)
    interval.high = max(score, range.lowerBound + interval.high * width)
    interval.method = "wilson, all examples at the range's end"
    interval.standardError = metric.standardError(from: statistics)?.value
    return interval
  }

  private func resampled(_ metric: AnyMetric, _ table: ExampleTable?, _ place: Int)
    throws(DSXError) -> Interval?
  {
    guard let table else { return nil }
    var bootstrap = ExampleBootstrap(replicates: replicates, seed: seed, level: level)
    bootstrap.workers = workers
    switch compat {
    case "sacrebleu": return try bootstrap.sacrebleu(table)
    case "rouge-score":
      var generator = MT19937(seed: UInt32(truncatingIfNeeded: seed))
      let scores = table.rowScores().compactMap { $0.map { [$0] } }
      // Score types draw from one stream, one after the other: those before this one come first.
      let bound = UInt32(clamping: scores.count)
      for _ in 0..<(place * replicates * scores.count) { _ = generator.bounded(bound) }
      return RougeBootstrap(replicates: replicates, level: level)
        .percentiles(scores, &generator).first.map {
          Interval(
            low: $0.low, high: $0.high, level: level,
            method: "rouge-score bootstrap, \(replicates) seed \(seed)", mean: $0.mid)
        }
    case "lm-eval":
      guard let score = table.score((0..<UInt32(clamping: table.rows)).map { $0 }) else {
        return nil
      }
      return try LMEvalBootstrap(iterations: replicates).standardError(table).map {
        Interval.normal(score: score, error: $0, level: level, range: metric.range)
      }
    default: return try bootstrap.interval(table)
    }
  }
}
