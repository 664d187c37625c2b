public import DSXCore
public import Metrics

/// How much one unit (an example, or a cluster of them) moves the difference of two systems' scores.
///
/// From it follow the standard error and the smallest change that a comparison of this size finds.
public struct ChangeSpread: Sendable, Equatable {
  /// Number of units.
  public var units: Int
  /// The variance of one unit's contribution: the squared standard error times `units`.
  public var variance: Double
  /// The typical size of the contributions that are not 0: sum of squares / sum of magnitudes. What a
  /// drop that strikes some of the units adds to the variance, for each unit of drop.
  public var size: Double

  /// A spread that was measured or stored before.
  public init(units: Int, variance: Double, size: Double) {
    self.units = units
    self.variance = variance
    self.size = size
  }

  /// sqrt(variance / units)
  public var standardError: Double { (max(0, variance) / Double(max(1, units))).squareRoot() }

  /// Measures it by leaving out one unit at a time (the jackknife), which for means is the sample
  /// variance itself. nil for metrics without vectors, and below two units.
  ///
  /// `parts`: the same pair with more and smaller rows, of which `pair` holds sums; the size of a
  /// contribution is then taken from some of them.
  public init?(_ pair: PairedTables, parts: PairedTables? = nil) throws(DSXError) {
    let units = pair.first.rows
    guard units > 1, let values = try Self.contributions(pair, Array(0..<units)) else { return nil }
    // The mean of the pseudo-values is the (jackknifed) difference of the scores.
    let mean = values.reduce(0, +) / Double(units)
    let around = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    var small = values
    var share = 1.0
    if let parts, parts.first.rows > units {
      let rows = parts.first.rows
      let step = max(1, rows / Self.sampled)
      small = try Self.contributions(parts, Array(stride(from: 0, to: rows, by: step))) ?? values
      share = Double(units) / Double(rows)
    }
    let (squares, magnitudes) = small.reduce(into: (0.0, 0.0)) { sums, value in
      sums.0 += value * value
      sums.1 += abs(value)
    }
    guard around.isFinite, squares.isFinite else { return nil }
    self.init(
      units: units, variance: around / Double(units - 1),
      size: magnitudes > 0 ? squares / magnitudes * share : 0)
  }

  /// Of so many rows at least is the size of a contribution taken.
  private static let sampled = 1000

  /// The pseudo-values n d - (n - 1) d without the row, of the difference d and the chosen rows.
  private static func contributions(_ pair: PairedTables, _ chosen: [Int]) throws(DSXError)
    -> [Double]?
  {
    guard let first = try influences(pair.first, chosen),
      let second = try influences(pair.second, chosen)
    else { return nil }
    return zip(first, second).map { $1 - $0 }
  }

  private static func influences(_ table: Metrics.ExampleTable, _ chosen: [Int]) throws(DSXError)
    -> [Double]?
  {
    let metric = table.metric
    let whole = try table.total()
    guard let sums = whole.components, let score = metric.score(from: whole) else { return nil }
    let units = Double(table.rows)
    var values: [Double] = []
    values.reserveCapacity(chosen.count)
    for row in chosen {
      let one = table[row]
      guard let parts = one.components, parts.count == sums.count else { return nil }
      let rest = zip(sums, parts).map { $0 - $1 }
      guard
        let without = metric.statistics(components: rest, count: whole.count - one.count)
          .flatMap({ metric.score(from: $0) })
      else { return nil }
      values.append(units * score - (units - 1) * without)
    }
    return values
  }

  /// The smallest true drop that a test at `alpha` (two-sided) finds with 80 per cent: (t(1 - alpha/2) +
  /// t(0.8)) standard errors, where the drop itself widens the spread. nil when nothing is known.
  ///
  /// `countsItself`: the test measures the spread from 0, not from the mean, as randomisation does.
  public func smallestChange(alpha: Double, countsItself: Bool, power: Double = 0.8) -> Double? {
    guard units > 2, variance > 0, variance.isFinite else { return nil }
    let freedom = Double(units - 1)
    let quantiles =
      StudentT.quantile(1 - alpha / 2, freedom: freedom) + StudentT.quantile(power, freedom: freedom)
    guard quantiles.isFinite else { return nil }
    var change = quantiles * standardError
    for _ in 0..<100 {
      let wide = variance + size * change + (countsItself ? change * change : 0)
      let next = quantiles * (wide / Double(units)).squareRoot()
      if abs(next - change) <= 1e-12 * abs(next) { break }
      change = next
    }
    return change.isFinite ? change : nil
  }
}
