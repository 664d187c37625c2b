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
  /// What a drop that strikes some of the examples adds to the variance, for each unit of drop: the
  /// typical size of what one of them loses.
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
  /// The size of a contribution is the larger of two: that of the changes that were seen, and that of an
  /// example's whole score, which is what a drop takes away that strikes some examples altogether.
  ///
  /// `examples`: the same pair with a row an example, where `pair` holds sums of them.
  public init?(_ pair: PairedTables, examples: PairedTables? = nil) throws(DSXError) {
    let units = pair.first.rows
    guard units > 1, let first = try Self.influences(pair.first, Array(0..<units)),
      let second = try Self.influences(pair.second, Array(0..<units))
    else { return nil }
    // The mean of the pseudo-values is the (jackknifed) difference of the scores.
    let values = zip(first, second).map { $1 - $0 }
    let mean = values.reduce(0, +) / Double(units)
    let around = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    var (before, changes, share) = (first, values, 1.0)
    if let examples, examples.first.rows > units {
      let rows = examples.first.rows
      let chosen = Array(stride(from: 0, to: rows, by: max(1, rows / Self.sampled)))
      if let small = try Self.influences(examples.first, chosen),
        let other = try Self.influences(examples.second, chosen)
      {
        before = small
        changes = zip(small, other).map { $1 - $0 }
        share = Double(units) / Double(rows)
      }
    }
    var size = Self.size(changes)
    // Perplexities and error rates have no score that could be taken away.
    if pair.first.metric.higherIsBetter { size = max(size, Self.size(before)) }
    guard around.isFinite, size.isFinite else { return nil }
    self.init(units: units, variance: around / Double(units - 1), size: size * share)
  }

  /// Sum of squares / sum of magnitudes: the mean size, weighted by itself; 0 of nothing.
  private static func size(_ values: [Double]) -> Double {
    let (squares, magnitudes) = values.reduce(into: (0.0, 0.0)) { sums, value in
      sums.0 += value * value
      sums.1 += abs(value)
    }
    return magnitudes > 0 ? squares / magnitudes : 0
  }

  /// The size of a contribution is taken from so many examples at least.
  private static let sampled = 1000

  /// The pseudo-values n s - (n - 1) s without the row, of the score s and the chosen rows.
  private static func influences(_ table: Metrics.ExampleTable, _ chosen: [Int]) throws(DSXError)
    -> [Double]?
  {
    let metric = table.metric
    let whole = try table.total()
    guard let score = metric.score(from: whole),
      let rest = table.scores(without: chosen, of: whole)
    else { return nil }
    let units = Double(table.rows)
    var values: [Double] = []
    values.reserveCapacity(chosen.count)
    for without in rest {
      guard let without else { return nil }
      values.append(units * score - (units - 1) * without)
    }
    return values
  }

  /// The smallest true drop that a test at `alpha` (two-sided) finds with 80 per cent: (t(1 - alpha/2) +
  /// t(0.8)) standard errors, where the drop itself widens the spread. nil when nothing is known.
  ///
  /// `countsItself`: the test measures the spread from 0, not from the mean, as randomisation does.
  public func smallestChange(alpha: Double, countsItself: Bool, power: Double = 0.8) -> Double? {
    guard units > 2, variance > 0 || size > 0, variance.isFinite else { return nil }
    let freedom = Double(units - 1)
    let quantiles =
      StudentT.quantile(1 - alpha / 2, freedom: freedom)
      + StudentT.quantile(power, freedom: freedom)
    guard quantiles.isFinite else { return nil }
    // Where nothing changed at all, only the drop's own spread is left: its solution, not 0.
    var change =
      variance > 0
      ? quantiles * standardError : quantiles * quantiles * size / Double(units)
    for _ in 0..<100 {
      let wide = variance + size * change + (countsItself ? change * change : 0)
      let next = quantiles * (wide / Double(units)).squareRoot()
      if abs(next - change) <= 1e-12 * abs(next) { break }
      change = next
    }
    return change.isFinite ? change : nil
  }
}
