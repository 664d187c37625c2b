internal import Metrics

/// Student's t distribution, through the beta distribution.
enum StudentT {
  /// P(|T| > |t|) with `freedom` degrees of freedom.
  static func twoSided(_ t: Double, freedom: Double) -> Double {
    guard t.isFinite else { return 0 }
    // Beyond that the normal distribution is the same to 1e-6, and the beta function loses digits.
    guard freedom < 1e6 else { return NormalDistribution.twoSided(t) }
    return BetaDistribution.cumulative(freedom / (freedom + t * t), freedom / 2, 0.5)
  }

  /// The t that a share `p` lies below, for p from 0.5 to 1.
  static func quantile(_ p: Double, freedom: Double) -> Double {
    guard freedom < 1e6 else { return NormalDistribution.quantile(p) }
    let both = 2 * (1 - p)
    guard both < 1 else { return 0 }
    let x = BetaDistribution.quantile(both, freedom / 2, 0.5)
    guard x > 0 else { return .infinity }
    return (freedom * (1 - x) / x).squareRoot()
  }
}
