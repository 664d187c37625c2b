internal import DSXCore
internal import Glibc

/// A confidence interval and how it was made.
public struct Interval: Sendable, Equatable {
  /// Its lower end.
  public var low: Double
  /// Its upper end.
  public var high: Double
  /// The nominal coverage, e.g. 0.95.
  public var level: Double
  /// `wilson`, `normal, binomial n-1`, `bootstrap percentile, 1000 seed 12345`.
  public var method: String
  /// The standard error that goes with it; nil when there is none.
  public var standardError: Double?
  /// The mean of the resampled scores; nil when nothing was resampled.
  public var mean: Double?

  /// An interval.
  public init(
    low: Double, high: Double, level: Double, method: String, standardError: Double? = nil,
    mean: Double? = nil
  ) {
    self.low = low
    self.high = high
    self.level = level
    self.method = method
    self.standardError = standardError
    self.mean = mean
  }
}

extension Interval {
  /// score ± z × standard error, cut at the metric's range; where the error has a logarithmic form,
  /// score × exp(± z × that).
  public static func normal(
    score: Double, error: StandardError, level: Double = 0.95,
    range: ClosedRange<Double> = -.infinity ... .infinity
  ) -> Interval {
    let z = NormalDistribution.quantile(0.5 + level / 2)
    var (low, high) = (score - z * error.value, score + z * error.value)
    var method = "normal, " + error.method
    if let logarithmic = error.logarithmic {
      (low, high) = (score * exp(-z * logarithmic), score * exp(z * logarithmic))
      method = "log-normal, " + error.method
    }
    return Interval(
      low: max(range.lowerBound, low), high: min(range.upperBound, high), level: level,
      method: method, standardError: error.value)
  }

  /// Wilson's score interval of a proportion, without continuity correction. Source: Wilson,
  /// Probable inference (1927); equals scipy 1.17.1 `binomtest.proportion_ci("wilson")`.
  public static func wilson(_ proportion: Proportion, level: Double = 0.95) -> Interval? {
    guard proportion.trials > 0 else { return nil }
    let n = Double(proportion.trials)
    let p = Double(proportion.hits) / n
    let z = NormalDistribution.quantile(0.5 + level / 2)
    let scale = 1 / (1 + z * z / n)
    let centre = (p + z * z / (2 * n)) * scale
    let half = z * scale * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
    // Rounding must not leave the ends of the possible.
    return Interval(
      low: proportion.hits == 0 ? 0 : max(0, centre - half),
      high: proportion.hits == proportion.trials ? 1 : min(1, centre + half), level: level,
      method: "wilson")
  }

  /// The exact interval of Clopper and Pearson (1934), from quantiles of the beta distribution.
  public static func clopperPearson(_ proportion: Proportion, level: Double = 0.95) -> Interval? {
    guard proportion.trials > 0 else { return nil }
    let (hits, misses) = (Double(proportion.hits), Double(proportion.trials - proportion.hits))
    let tail = (1 - level) / 2
    return Interval(
      low: proportion.hits == 0 ? 0 : BetaDistribution.quantile(tail, hits, misses + 1),
      high: misses == 0 ? 1 : BetaDistribution.quantile(1 - tail, hits + 1, misses), level: level,
      method: "clopper-pearson")
  }

  /// The percentiles of resampled scores, linear between neighbours as NumPy's `percentile`; nil
  /// below two scores.
  public static func percentile(_ scores: [Double], level: Double, method: String) -> Interval? {
    guard scores.count > 1 else { return nil }
    let sorted = scores.sorted()
    let tail = (1 - level) / 2
    return Interval(
      low: Quantile.linear(sorted, tail), high: Quantile.linear(sorted, 1 - tail), level: level,
      method: method, standardError: Moments.sampleDeviation(scores), mean: Moments.mean(scores))
  }
}

/// Quantiles of sorted numbers.
public enum Quantile {
  /// NumPy's `linear` method: between the neighbours of `fraction * (n - 1)`. `sorted` holds at least
  /// one number, in rising order.
  public static func linear(_ sorted: [Double], _ fraction: Double) -> Double {
    guard let last = sorted.last else { return .nan }
    let place = fraction * Double(sorted.count - 1)
    let below = Int(place.rounded(.down))
    guard below + 1 < sorted.count else { return last }
    let weight = place - Double(below)
    let (a, b) = (sorted[below], sorted[below + 1])
    // NumPy's lerp: from the nearer end, so that it is monotonic.
    return weight >= 0.5 ? b - (b - a) * (1 - weight) : a + (b - a) * weight
  }
}
