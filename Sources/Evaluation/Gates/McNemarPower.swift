internal import Glibc
internal import Metrics

/// How well McNemar's exact test sees a drop.
///
/// Examples flip both ways by chance: a share f of them, half each way. A true drop d makes a further
/// share d of the examples wrong, so that losses come with f/2 + d and gains with f/2.
enum McNemarPower {
  /// The probability that a drop of `change` is found (two-sided p at most `alpha`, more losses than
  /// gains) in `count` examples with a share `flips` of chance flips.
  static func power(count: Int, flips: Double, change: Double, alpha: Double) -> Double {
    var critical = CriticalLosses(alpha: alpha)
    return power(count: count, flips: flips, change: change, &critical)
  }

  private static func power(
    count: Int, flips: Double, change: Double, _ critical: inout CriticalLosses
  ) -> Double {
    let discordant = min(1, flips + change)
    guard discordant > 0, count > 0 else { return 0 }
    let loss = min(1, (flips / 2 + change) / discordant)
    let mean = Double(count) * discordant
    let spread = max(1, (mean * (1 - discordant)).squareRoot())
    let low = max(0, Int(mean - 7 * spread) - 1)
    let high = min(count, Int(mean + 7 * spread) + 1)
    // Some 200 places of the distribution stand for all; each is weighed by its own probability.
    let step = max(1, (high - low) / 200)
    var (sum, weight) = (0.0, 0.0)
    for number in stride(from: low, through: high, by: step) {
      let share = binomial(number, of: count, discordant)
      weight += share
      guard share > 1e-12, let least = critical.least(of: number) else { continue }
      sum += share * upperTail(least, of: number, loss)
    }
    return weight > 0 ? sum / weight : 0
  }

  /// The smallest drop that is found in 4 of 5 cases (`power`); nil when none up to 1 is.
  static func smallest(count: Int, flips: Double, alpha: Double, power wanted: Double = 0.8)
    -> Double?
  {
    let limit = 1 - min(1, max(0, flips))
    var critical = CriticalLosses(alpha: alpha)
    guard power(count: count, flips: flips, change: limit, &critical) >= wanted else {
      return nil
    }
    var (low, high) = (0.0, limit)
    for _ in 0..<40 {
      let middle = (low + high) / 2
      if power(count: count, flips: flips, change: middle, &critical) >= wanted {
        high = middle
      } else {
        low = middle
      }
      if high - low < 1e-7 { break }
    }
    return high
  }

  /// P(X >= least) of a binomial distribution.
  fileprivate static func upperTail(_ least: Int, of number: Int, _ p: Double) -> Double {
    if least <= 0 { return 1 }
    if p >= 1 { return 1 }
    return BetaDistribution.cumulative(p, Double(least), Double(number - least + 1))
  }

  /// P(X = k).
  private static func binomial(_ k: Int, of n: Int, _ p: Double) -> Double {
    if p >= 1 { return k == n ? 1 : 0 }
    var sign: Int32 = 0
    return exp(
      lgamma_r(Double(n) + 1, &sign) - lgamma_r(Double(k) + 1, &sign)
        - lgamma_r(Double(n - k) + 1, &sign) + Double(k) * log(p) + Double(n - k) * log1p(-p))
  }
}

/// How many losses among a number of flips are significant. Numbers come again and again while a power is
/// searched for: what was found is kept.
private struct CriticalLosses {
  private let alpha: Double
  private let quantile: Double
  private var known: [Int: Int?] = [:]

  init(alpha: Double) {
    self.alpha = alpha
    quantile = NormalDistribution.quantile(1 - min(1, max(0, alpha)) / 2)
  }

  /// The smallest number of losses among `number` flips that is significant; nil when none is.
  mutating func least(of number: Int) -> Int? {
    if let found = known[number] { return found }
    let found = search(number)
    known[number] = found
    return found
  }

  private func search(_ number: Int) -> Int? {
    guard number > 0, isSignificant(number, of: number) else { return nil }
    // The normal distribution's guess is off by one or two; steps from there.
    let half = Double(number) / 2
    let guess = half + quantile * Double(number).squareRoot() / 2
    let lowest = number / 2 + 1
    var least = guess < Double(number) ? max(lowest, Int(guess.rounded(.up))) : number
    while !isSignificant(least, of: number) { least += 1 }
    while least > lowest, isSignificant(least - 1, of: number) { least -= 1 }
    return least
  }

  private func isSignificant(_ losses: Int, of number: Int) -> Bool {
    2 * McNemarPower.upperTail(losses, of: number, 0.5) <= alpha
  }
}
