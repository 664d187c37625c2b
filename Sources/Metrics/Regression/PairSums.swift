public import DSXCore

/// Exact sums over pairs of numbers: enough for R², explained variance and Pearson's correlation.
public struct PairSums: MetricStatistics {
  /// Number of examples.
  public private(set) var count = 0
  var gold = ExactSum()
  var predicted = ExactSum()
  var goldSquares = ExactSum()
  var predictedSquares = ExactSum()
  var products = ExactSum()
  var errors = ExactSum()
  var errorSquares = ExactSum()

  /// No pair.
  public init() {}

  /// Adds one pair; values that are not finite are errors.
  public mutating func add(_ pair: NumberPair) throws(DSXError) {
    try pair.check()
    let error = pair.gold - pair.predicted
    guard pair.gold.magnitude < 1e150, pair.predicted.magnitude < 1e150 else {
      throw DSXError(.malformed, "a value is too large: its square is no double")
    }
    count += 1
    gold.add(pair.gold)
    predicted.add(pair.predicted)
    goldSquares.add(product: pair.gold, pair.gold)
    predictedSquares.add(product: pair.predicted, pair.predicted)
    products.add(product: pair.gold, pair.predicted)
    errors.add(error)
    errorSquares.add(product: error, error)
  }

  /// Adds the sums of other examples.
  public mutating func add(_ other: PairSums) throws(DSXError) {
    count = try ExampleCount.sum(count, other.count)
    gold.add(other.gold)
    predicted.add(other.predicted)
    goldSquares.add(other.goldSquares)
    predictedSquares.add(other.predictedSquares)
    products.add(other.products)
    errors.add(other.errors)
    errorSquares.add(other.errorSquares)
  }

  private enum CodingKeys: String, CodingKey {
    case count, gold, predicted, goldSquares, predictedSquares, products, errors, errorSquares
  }

  /// Reads what was written.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    count = try ExampleCount.checked(container.decode(Int.self, forKey: .count))
    gold = try container.decode(ExactSum.self, forKey: .gold)
    predicted = try container.decode(ExactSum.self, forKey: .predicted)
    goldSquares = try container.decode(ExactSum.self, forKey: .goldSquares)
    predictedSquares = try container.decode(ExactSum.self, forKey: .predictedSquares)
    products = try container.decode(ExactSum.self, forKey: .products)
    errors = try container.decode(ExactSum.self, forKey: .errors)
    errorSquares = try container.decode(ExactSum.self, forKey: .errorSquares)
  }

  /// n * sum (gold - mean)²
  var goldVariation: Double { ExactSum.variation(count, products: goldSquares, gold, gold) }

  /// 1 - sum of squared errors / sum of squared deviations of gold, as scikit-learn: 1 when both are 0, 0
  /// when only the latter is; nil below two examples.
  public var determination: Double? {
    guard count > 1 else { return nil }
    let whole = goldVariation / Double(count)
    let rest = errorSquares.value
    if whole == 0 { return rest == 0 ? 1 : 0 }
    return 1 - rest / whole
  }

  /// 1 - variance of the errors / variance of gold; edges as `determination`.
  public var explainedVariance: Double? {
    guard count > 1 else { return nil }
    let whole = goldVariation
    let rest = ExactSum.variation(count, products: errorSquares, errors, errors)
    if whole == 0 { return rest == 0 ? 1 : 0 }
    return 1 - rest / whole
  }

  /// Pearson's correlation; nil below two examples or when a side is constant.
  public var pearson: Double? {
    guard count > 1 else { return nil }
    let goldSpread = goldVariation
    let spread = ExactSum.variation(count, products: predictedSquares, predicted, predicted)
    guard goldSpread > 0, spread > 0 else { return nil }
    let shared = ExactSum.variation(count, products: products, gold, predicted)
    return min(1, max(-1, shared / goldSpread.squareRoot() / spread.squareRoot()))
  }
}

extension PairSums: VectorStatistics {
  /// The seven sums, each rounded once.
  public var components: [Double] {
    [gold, predicted, goldSquares, predictedSquares, products, errors, errorSquares].map(\.value)
  }
  /// From seven sums.
  public init(components: [Double], count: Int) {
    self.count = max(0, count)
    guard components.count == 7 else { return }
    gold = ExactSum(components[0])
    predicted = ExactSum(components[1])
    goldSquares = ExactSum(components[2])
    predictedSquares = ExactSum(components[3])
    products = ExactSum(components[4])
    errors = ExactSum(components[5])
    errorSquares = ExactSum(components[6])
  }
}

/// A score over pairs of numbers from sums.
public struct PairSumMetric: Metric {
  /// Which score.
  public enum Kind: String, Sendable, CaseIterable {
    /// R², the coefficient of determination.
    case determination = "r2"
    /// Explained variance.
    case explainedVariance = "explained-variance"
    /// Pearson's correlation.
    case pearson
  }
  /// Which score.
  public let kind: Kind
  /// The metric.
  public init(_ kind: Kind) { self.kind = kind }
  /// `r2`, `explained-variance`, `pearson`.
  public var name: String { kind.rawValue }
  /// Nothing to set.
  public var signature: String { "version:1" }
  /// true
  public var higherIsBetter: Bool { true }
  /// No example.
  public var zero: PairSums { PairSums() }
  /// One pair.
  public func statistics(of example: NumberPair) throws(DSXError) -> PairSums {
    var one = PairSums()
    try one.add(example)
    return one
  }
  /// Adds one pair.
  public func add(_ example: NumberPair, to statistics: inout PairSums) throws(DSXError) {
    try statistics.add(example)
  }
  /// The score; nil where it is not defined.
  public func score(from statistics: PairSums) -> Double? {
    switch kind {
    case .determination: statistics.determination
    case .explainedVariance: statistics.explainedVariance
    case .pearson: statistics.pearson
    }
  }
  /// Pearson: also the two-sided p of no correlation.
  public func scores(from statistics: PairSums) -> [NamedScore] {
    let score = score(from: statistics)
    guard kind == .pearson else { return [NamedScore(name, score)] }
    return [
      NamedScore(name, score),
      NamedScore("p", score.flatMap { Correlation.pValue($0, count: statistics.count) }),
    ]
  }
}

/// Significance of correlations.
public enum Correlation {
  /// The two-sided p of a correlation r over n pairs, by Student's t with n - 2 degrees of freedom, as
  /// scipy's `pearsonr` and `spearmanr`; 1 for two pairs, nil below.
  public static func pValue(_ r: Double, count: Int) -> Double? {
    guard count >= 2 else { return nil }
    guard count > 2 else { return 1 }
    let degrees = Double(count - 2)
    let rest = (1 - r) * (1 + r)
    guard rest > 0 else { return 0 }
    // P(|T| >= |t|) = I(degrees / (degrees + t²); degrees / 2, 1/2) with t² = r² degrees / rest.
    return BetaDistribution.cumulative(rest, degrees / 2, 0.5)
  }
}
