public import DSXCore

/// Counts of positive and negative scores in equal bins over [0, 1]: AUROC and average precision in
/// memory that does not grow, with bounds on what the exact values can be.
public struct BinnedScores: MetricStatistics {
  /// Positives a bin, from the lowest scores up.
  public private(set) var positives: [Int]
  /// Negatives a bin.
  public private(set) var negatives: [Int]
  /// Number of examples.
  public private(set) var count = 0

  /// No example; 1...2^24 bins.
  public init(bins: Int) {
    let bins = min(max(1, bins), 1 << 24)
    positives = [Int](repeating: 0, count: bins)
    negatives = positives
  }

  /// Adds one example; a score outside [0, 1] is an error.
  public mutating func add(_ score: Double, isPositive: Bool) throws(DSXError) {
    guard score >= 0, score <= 1 else {
      throw DSXError(
        .malformed, "the score \(score) lies outside of 0...1",
        hint: "binned states need probabilities; use the exact state for other scores")
    }
    let bin = min(positives.count - 1, Int(score * Double(positives.count)))
    if isPositive { positives[bin] += 1 } else { negatives[bin] += 1 }
    count += 1
  }

  /// Adds the counts of other examples in as many bins.
  public mutating func add(_ other: BinnedScores) throws(DSXError) {
    guard other.positives.count == positives.count else {
      throw DSXError(
        .malformed,
        "states of \(other.positives.count) and of \(positives.count) bins cannot be added")
    }
    count = try ExampleCount.sum(count, other.count)
    for bin in positives.indices {
      positives[bin] += other.positives[bin]
      negatives[bin] += other.negatives[bin]
    }
  }

  /// The area under the ROC curve as if all scores of a bin were equal, and how far the exact area can
  /// be from it: half of the pairs within bins. nil unless both kinds occur.
  public var areaUnderROC: (value: Double, error: Double)? {
    let (p, n) = (positives.reduce(0, +), negatives.reduce(0, +))
    guard p > 0, n > 0 else { return nil }
    var (wins, within): (UInt128, UInt128) = (0, 0)
    var below = 0
    for bin in positives.indices {
      let here = UInt128(positives[bin])
      wins += here * UInt128(2 * below + negatives[bin])
      within += here * UInt128(negatives[bin])
      below += negatives[bin]
    }
    let pairs = Double(p) * Double(n)
    return (Double(wins) / 2 / pairs, Double(within) / 2 / pairs)
  }

  /// Average precision as if all scores of a bin were equal, and the least and the largest value that
  /// any order within the bins gives. nil without positives. Time: bins + positives.
  public var averagePrecision: (value: Double, least: Double, largest: Double)? {
    let total = positives.reduce(0, +)
    guard total > 0 else { return nil }
    var (value, least, largest) = (0.0, 0.0, 0.0)
    var (above, wrong) = (0, 0)
    for bin in positives.indices.reversed() where positives[bin] > 0 || negatives[bin] > 0 {
      let (p, n) = (positives[bin], negatives[bin])
      if p > 0 {
        let hits = Double(above + p)
        value += Double(p) * hits / Double(above + p + wrong + n)
        // At most all positives of the bin come at once before its negatives; at least each comes
        // alone, after them.
        largest += Double(p) * hits / Double(above + p + wrong)
        for place in 1...p {
          least += Double(above + place) / Double(above + place + wrong + n)
        }
      }
      above += p
      wrong += n
    }
    let all = Double(total)
    return (value / all, least / all, largest / all)
  }

  private enum CodingKeys: String, CodingKey { case positives, negatives }

  /// Writes both lists.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(positives, forKey: .positives)
    try container.encode(negatives, forKey: .negatives)
  }

  /// Reads what was written; lists of different lengths or negative counts are errors.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    positives = try container.decode([Int].self, forKey: .positives)
    negatives = try container.decode([Int].self, forKey: .negatives)
    guard !positives.isEmpty, positives.count <= 1 << 24, positives.count == negatives.count else {
      throw DSXError(.malformed, "a binned state needs two lists of one length")
    }
    for counted in positives + negatives {
      count = try ExampleCount.sum(count, ExampleCount.checked(counted))
    }
  }
}

/// AUROC or average precision from bins: bounded memory; the error is at most `bound(of:)`.
public struct BinnedRanking: Metric {
  /// Which score.
  public enum Kind: Sendable, Equatable {
    /// Area under the ROC curve.
    case areaUnderROC
    /// Average precision.
    case averagePrecision
  }
  /// Which score.
  public let kind: Kind
  /// Number of bins.
  public let bins: Int

  /// The metric. Bins outside 1...2^24 are an error.
  public init(_ kind: Kind, bins: Int = 16_384) throws(DSXError) {
    guard (1...(1 << 24)).contains(bins) else {
      throw DSXError(.usage, "bins must be 1 to \(1 << 24), not \(bins)")
    }
    self.kind = kind
    self.bins = bins
  }

  /// `auroc` or `average-precision`.
  public var name: String { kind == .areaUnderROC ? "auroc" : "average-precision" }
  /// The number of bins.
  public var signature: String { "state:binned|bins:\(bins)|version:1" }
  /// true
  public var higherIsBetter: Bool { true }
  /// No example.
  public var zero: BinnedScores { BinnedScores(bins: bins) }
  /// One example.
  public func statistics(of example: ScoredBinary) throws(DSXError) -> BinnedScores {
    var one = zero
    try one.add(example.score, isPositive: example.isPositive)
    return one
  }
  /// Adds one example.
  public func add(_ example: ScoredBinary, to statistics: inout BinnedScores) throws(DSXError) {
    try statistics.add(example.score, isPositive: example.isPositive)
  }
  /// The value as if all scores of a bin were equal.
  public func score(from statistics: BinnedScores) -> Double? {
    kind == .areaUnderROC ? statistics.areaUnderROC?.value : statistics.averagePrecision?.value
  }
  /// How far the exact value can be from the score, for certain.
  public func bound(of statistics: BinnedScores) -> Double? {
    switch kind {
    case .areaUnderROC: statistics.areaUnderROC?.error
    case .averagePrecision:
      statistics.averagePrecision.map { max($0.largest - $0.value, $0.value - $0.least) }
    }
  }
  /// nil: resample the examples.
  public func standardError(from statistics: BinnedScores) -> StandardError? { nil }
}
