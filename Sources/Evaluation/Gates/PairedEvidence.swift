public import DSXCore
public import Metrics

/// What the same examples say of two systems on one metric: the change, how sure it is, and how small a
/// change could have been seen.
public struct PairedEvidence: Sendable, Equatable {
  /// Below so many units resampling says little: such gates cannot tell.
  public static let leastUnits = 20

  /// Above so many units, blocks of units are resampled: sums of independent units are independent
  /// too, a thousand of them tell their spread to 2 per cent, and time stays bounded.
  public static let mostBlocks = 1000

  /// The baseline's score on the common examples; nil when not defined.
  public var baseline: Double?
  /// The run's score on the common examples.
  public var value: Double?
  /// Number of common examples.
  public var examples: Int
  /// What is resampled: as many as examples, or fewer clusters of them.
  public var units: Int
  /// What the resampling draws: the units, or blocks of them where there are more than
  /// `mostBlocks`.
  public var resampled: Int
  /// Examples whose own score is better, and worse, than the baseline's.
  public var gains: Int
  /// Examples whose own score is worse.
  public var losses: Int
  /// The two-sided p-value; nil when there are too few units.
  public var pValue: Double?
  /// The interval of the change, 95 per cent unless said otherwise; nil as above.
  public var interval: Interval?
  /// `mcnemar exact`, `paired bootstrap, 10000 seed 12345, 3219 units`, ...
  public var method: String
  /// The spread of a unit's contribution; nil for McNemar's test and where it is not known.
  public var spread: ChangeSpread?
  /// Whether McNemar's test was made.
  public var isExact: Bool
  /// Whether randomisation was.
  public var isRandomised: Bool
  /// What one right answer scores: 100 for percentages, else 1.
  public var scale: Double

  /// value - baseline
  public var difference: Double? {
    if let value, let baseline { value - baseline } else { nil }
  }

  /// The standard error of the difference; nil when not known.
  public var standardError: Double? { interval?.standardError ?? spread?.standardError }

  /// The smallest true change that such a comparison finds in 4 of 5 cases at `alpha`; nil when it
  /// cannot be said.
  public func smallestChange(alpha: Double, minimumEffect: Double = 0) -> Double? {
    let found: Double?
    if isExact {
      // One flip more than were seen: few flips are a rough measure of how many there will be.
      let flips = min(1, Double(gains + losses + 1) / Double(max(1, examples)))
      found = McNemarPower.smallest(count: examples, flips: flips, alpha: alpha).map { $0 * scale }
    } else {
      found = spread?.smallestChange(alpha: alpha, countsItself: isRandomised)
    }
    guard let found, minimumEffect > 0, let error = standardError else { return found }
    // The observed change must also be at least the minimum effect.
    return max(found, minimumEffect + NormalDistribution.quantile(0.8) * error)
  }

  /// Compares two tables of the same examples in the same order.
  ///
  /// `clusters` names each example's cluster; empty without clusters. Order matters for the draws: sort
  /// by the examples' names first. Throws `usage` for McNemar's test on scores that are not right or
  /// wrong, or on clusters.
  public init(
    _ pair: PairedTables, clusters: [String] = [], test: GateTest, settings: GateSettings,
    level: Double = 0.95
  ) throws(DSXError) {
    let metric = pair.first.metric
    baseline = try metric.score(from: pair.first.total())
    value = try metric.score(from: pair.second.total())
    examples = pair.first.rows
    let sign: Double = metric.higherIsBetter ? 1 : -1
    (gains, losses, resampled) = (0, 0, 0)
    let scores = (pair.first.rowScores(), pair.second.rowScores())
    for (a, b) in zip(scores.0, scores.1) {
      guard let a, let b, a.isFinite, b.isFinite else { continue }
      if sign * (b - a) > 0 { gains += 1 }
      if sign * (b - a) < 0 { losses += 1 }
    }
    let binary = Self.rightScore(pair, [(scores.0, baseline), (scores.1, value)])
    let isBinary = binary != nil
    scale = binary ?? 1
    isExact = test == .mcnemar || (test == .auto && isBinary && clusters.isEmpty)
    isRandomised = test == .randomisation
    if isExact {
      guard isBinary, clusters.isEmpty else {
        throw DSXError(
          .usage,
          isBinary
            ? "McNemar's test takes every example for itself, and these come in clusters"
            : "McNemar's test is for metrics that are right or wrong, not \(metric.name)",
          hint: "test: auto chooses one that fits")
      }
      units = examples
      let result = McNemar.exact(onlyFirst: losses, onlySecond: gains)
      pValue = result.pValue
      method = result.method
      interval = Self.interval(
        gains: sign > 0 ? gains : losses, losses: sign > 0 ? losses : gains, examples, level, scale)
      return
    }
    let sampled =
      clusters.isEmpty
      ? pair
      : try PairedTables(
        pair.first.clustered(by: clusters), pair.second.clustered(by: clusters))
    let blocks = try Self.blocks(sampled, seed: settings.seed)
    units = sampled.first.rows
    method = "none"
    if units >= Self.leastUnits {
      spread = try ChangeSpread(blocks, examples: pair)
      resampled = blocks.first.rows
    }
    // However few they are: that nothing changed needs no test.
    guard gains + losses > 0 || (difference ?? 0) != 0 else {
      pValue = 1
      method = "no example changed"
      interval = Interval(
        low: 0, high: 0, level: level, method: "no example changed", standardError: 0)
      return
    }
    guard units >= Self.leastUnits else { return }
    try resample(blocks, settings, level)
  }

  /// What a right example scores, when every example scores that or 0 and the score is their mean; nil
  /// for other metrics.
  private static func rightScore(
    _ pair: PairedTables, _ tables: [(scores: [Double?], whole: Double?)]
  ) -> Double? {
    let plain: Double = pair.first.metric.unit == "percent" ? 100 : 1
    if pair.isRightOrWrong { return plain }
    var right = 0.0
    for table in tables {
      var sum = 0.0
      for score in table.scores {
        guard let score else { return nil }
        sum += score
        guard score != 0 else { continue }
        guard score > 0, right == 0 || score == right else { return nil }
        right = score
      }
      guard !table.scores.isEmpty, let whole = table.whole else { return nil }
      let mean = sum / Double(table.scores.count)
      guard abs(whole - mean) <= 1e-9 * max(1, abs(mean)) else { return nil }
    }
    guard right == 0 || right == plain else { return nil }
    return plain
  }

  /// Units thrown together at random (by the seed) into at most `mostBlocks` blocks of one size, or one
  /// less.
  private static func blocks(_ pair: PairedTables, seed: UInt64) throws(DSXError) -> PairedTables {
    let rows = pair.first.rows
    guard rows > mostBlocks else { return pair }
    var generator = PCG64(seed: seed)
    var order = Array(0..<rows)
    for place in stride(from: rows - 1, to: 0, by: -1) {
      guard let bound = UInt32(exactly: place + 1) else { return pair }
      order.swapAt(place, Int(generator.bounded(bound)))
    }
    // Blocks in the order of their first units.
    var known = [Int?](repeating: nil, count: mostBlocks)
    var groups = 0
    let places = order.map { unit in
      let block = unit % mostBlocks
      if let place = known[block] { return place }
      known[block] = groups
      groups += 1
      return groups - 1
    }
    return try PairedTables(
      pair.first.grouped(places, groups: groups), pair.second.grouped(places, groups: groups))
  }

  private mutating func resample(
    _ sampled: PairedTables, _ settings: GateSettings, _ level: Double
  ) throws(DSXError) {
    let count = Double(resampled)
    let freedom = count - 1
    let shrink = (freedom / count).squareRoot()
    // Resampled spreads are too small by n - 1 against n, and their quantiles are a normal's: the
    // "expanded percentiles" of Hesterberg (2015, The American Statistician 69:371) mend both.
    let wide = StudentT.quantile(0.5 + level / 2, freedom: freedom) / shrink
    let bootstrap = ExampleBootstrap(
      replicates: isRandomised ? min(1000, settings.resamples) : settings.resamples,
      seed: settings.seed, level: 1 - NormalDistribution.twoSided(wide))
    let outcome = isRandomised && spread != nil ? nil : try PairedBootstrap.test(sampled, bootstrap)
    if var made = outcome?.interval {
      made.level = level
      made.standardError = made.standardError.map { $0 / shrink }
      made.method = "expanded percentiles, " + made.method
      interval = made
      if spread == nil, let error = made.standardError {
        let variance = error * error * count
        spread = ChangeSpread(
          units: resampled, variance: variance, size: variance.squareRoot())
      }
    }
    if isRandomised {
      let trials = ApproximateRandomisation(trials: settings.resamples, seed: settings.seed)
      guard let result = try trials.test(sampled) else { return }
      pValue = result.pValue
      method = result.method + ", \(resampled) units"
      if interval == nil, let spread, let difference {
        let half = StudentT.quantile(0.5 + level / 2, freedom: freedom) * spread.standardError
        interval = Interval(
          low: difference - half, high: difference + half, level: level,
          method: "jackknife, t", standardError: spread.standardError)
      }
    } else if let result = outcome?.test {
      let z = NormalDistribution.quantile(1 - min(1, result.pValue) / 2)
      pValue =
        result.pValue >= 1
        ? 1 : max(result.pValue, StudentT.twoSided(z * shrink, freedom: freedom))
      method = result.method + ", \(resampled) units"
    }
  }

  /// The interval of a difference of paired proportions after Bonett and Price (2012): one example more
  /// on each side. Nothing changed at all: 0 to 0.
  private static func interval(
    gains: Int, losses: Int, _ examples: Int, _ level: Double, _ scale: Double
  ) -> Interval {
    guard gains + losses > 0 else {
      return Interval(
        low: 0, high: 0, level: level, method: "no example changed", standardError: 0)
    }
    let n = Double(examples) + 2
    let (up, down) = ((Double(gains) + 1) / n, (Double(losses) + 1) / n)
    let error = ((up + down - (up - down) * (up - down)) / n).squareRoot()
    let z = NormalDistribution.quantile(0.5 + level / 2)
    return Interval(
      low: scale * max(-1, up - down - z * error), high: scale * min(1, up - down + z * error),
      level: level, method: "Bonett-Price", standardError: scale * error)
  }
}
