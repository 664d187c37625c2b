internal import Glibc

/// The beta distribution: exact binomial limits and Student's t come from it.
public enum BetaDistribution {
  /// The regularised incomplete beta function I_x(a, b) = P(X <= x), for a, b > 0.
  ///
  /// Lentz's continued fraction on the side where it converges fast; relative error about 1e-14.
  public static func cumulative(_ x: Double, _ a: Double, _ b: Double) -> Double {
    guard x > 0 else { return 0 }
    guard x < 1 else { return 1 }
    let front = exp(
      logGamma(a + b) - logGamma(a) - logGamma(b) + a * log(x) + b * log1p(-x))
    if x < (a + 1) / (a + b + 2) { return front * fraction(x, a, b) / a }
    return 1 - front * fraction(1 - x, b, a) / b
  }

  /// The x with I_x(a, b) = p: bisection, then Newton's method inside the bracket.
  public static func quantile(_ p: Double, _ a: Double, _ b: Double) -> Double {
    guard p > 0 else { return 0 }
    guard p < 1 else { return 1 }
    var (low, high) = (0.0, 1.0)
    var x = a / (a + b)
    for _ in 0..<200 {
      let excess = cumulative(x, a, b) - p
      if excess > 0 { high = x } else { low = x }
      let density = exp(
        logGamma(a + b) - logGamma(a) - logGamma(b) + (a - 1) * log(x) + (b - 1) * log1p(-x))
      var next = x - excess / density
      if !(next > low && next < high) { next = (low + high) / 2 }
      if abs(next - x) <= 1e-16 * max(x, 1e-300) || next == x { return next }
      x = next
    }
    return x
  }

  private static func fraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
    let tiny = 1e-300
    func away(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
    var c = 1.0
    var d = 1 / away(1 - (a + b) * x / (a + 1))
    var value = d
    for step in 1...10_000 {
      let m = Double(step)
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      d = 1 / away(1 + even * d)
      c = away(1 + even / c)
      value *= d * c
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      d = 1 / away(1 + odd * d)
      c = away(1 + odd / c)
      let factor = d * c
      value *= factor
      if abs(factor - 1) < 1e-16 { break }
    }
    return value
  }

  static func logGamma(_ x: Double) -> Double {
    // The plain function writes a global sign.
    var sign: Int32 = 0
    return lgamma_r(x, &sign)
  }
}
