public import DSXCore
internal import Glibc

/// A confidence and whether it came true.
public struct Confidence: Sendable, Equatable {
  /// In 0...1.
  public var value: Double
  /// Whether the answer was right (binary: whether the example is positive).
  public var isHit: Bool

  /// An example.
  public init(_ value: Double, isHit: Bool) {
    self.value = value
    self.isHit = isHit
  }

  /// The largest probability, and whether its label (the first of equals) is the true one.
  public init(_ example: TopKAccuracy.Example) throws(DSXError) {
    try Probabilities.check(example)
    var best = 0
    for (label, value) in example.scores.enumerated() where value > example.scores[best] {
      best = label
    }
    self.init(example.scores[best], isHit: best == example.gold)
  }
}

/// Which of two neighbouring bins a confidence on their border belongs to.
public enum BinBorders: String, Sendable, Codable, CaseIterable {
  /// The upper one, [lo, hi), and 1 to a bin of its own: torchmetrics.
  case upper
  /// The lower one, (lo, hi]: scikit-learn's `calibration_curve`.
  case lower
}

/// Reliability bins: of each, how many examples, how many hits and the sum of their confidences.
///
/// Borders are i * (1 / bins) in double precision, as NumPy's `linspace` has them.
public struct ReliabilityBins: MetricStatistics {
  /// Where borders belong.
  public let borders: BinBorders
  /// Examples a bin; behind the equal bins one for confidence 1, of `upper` borders.
  public private(set) var counts: [Int]
  /// Hits a bin.
  public private(set) var hits: [Int]
  private var confidences: [ExactSum]

  /// No example; `bins` equal bins over 0...1.
  public init(bins: Int, borders: BinBorders = .upper) {
    self.borders = borders
    counts = [Int](repeating: 0, count: min(max(1, bins), 1 << 20) + 1)
    hits = counts
    confidences = [ExactSum](repeating: ExactSum(), count: counts.count)
  }

  /// Number of examples.
  public var count: Int { counts.reduce(0, +) }
  /// Number of equal bins.
  public var binCount: Int { counts.count - 1 }
  /// The mean confidence of a bin; nil for an empty one.
  public func meanConfidence(_ bin: Int) -> Double? {
    counts[bin] > 0 ? confidences[bin].value / Double(counts[bin]) : nil
  }
  /// The share of hits in a bin; nil for an empty one.
  public func hitRate(_ bin: Int) -> Double? {
    counts[bin] > 0 ? Double(hits[bin]) / Double(counts[bin]) : nil
  }

  /// Adds one example; a confidence outside 0...1 is an error.
  public mutating func add(_ example: Confidence) throws(DSXError) {
    guard (0...1).contains(example.value) else {
      throw DSXError(.malformed, "the confidence \(example.value) lies outside of 0...1")
    }
    let bin = bin(of: example.value)
    counts[bin] += 1
    hits[bin] += example.isHit ? 1 : 0
    confidences[bin].add(example.value)
  }

  /// `upper`: the last bin whose lower border is at most the value; `lower`: whose lower border is below it.
  private func bin(of value: Double) -> Int {
    let step = 1 / Double(binCount)
    func isBelow(_ border: Int) -> Bool {
      let border = border == binCount ? 1 : Double(border) * step
      return borders == .upper ? border <= value : border < value
    }
    var bin = min(binCount, Int(value * Double(binCount)))
    while bin > 0, !isBelow(bin) { bin -= 1 }
    while bin < binCount, isBelow(bin + 1) { bin += 1 }
    return bin
  }

  /// Adds the bins of other examples.
  public mutating func add(_ other: ReliabilityBins) throws(DSXError) {
    guard other.counts.count == counts.count, other.borders == borders else {
      throw DSXError(
        .malformed, "states of \(other.binCount) and of \(binCount) bins cannot be added",
        hint: "number of bins and borders must be the same")
    }
    for bin in counts.indices {
      counts[bin] = try ExampleCount.sum(counts[bin], other.counts[bin])
      hits[bin] = try ExampleCount.sum(hits[bin], other.hits[bin])
      confidences[bin].add(other.confidences[bin])
    }
  }

  private enum CodingKeys: String, CodingKey { case borders, counts, hits, confidences }

  /// Reads what was written; lists of different lengths and counts that cannot be are errors.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    borders = try container.decode(BinBorders.self, forKey: .borders)
    counts = try container.decode([Int].self, forKey: .counts)
    hits = try container.decode([Int].self, forKey: .hits)
    confidences = try container.decode([ExactSum].self, forKey: .confidences)
    guard counts.count >= 2, counts.count == hits.count, counts.count == confidences.count,
      counts.indices.allSatisfy({
        hits[$0] >= 0 && hits[$0] <= counts[$0] && counts[$0] <= ExampleCount.limit
      })
    else { throw DSXError(.malformed, "stored reliability bins cannot be") }
  }
}

/// The calibration error over reliability bins, as torchmetrics 1.9.0.
///
/// l1: sum of share * |hit rate - mean confidence| (ECE); l2: the root of the sum of share * squares;
/// max: the largest difference (MCE).
public struct CalibrationError: Metric {
  /// How bins become one number.
  public enum Norm: String, Sendable, CaseIterable {
    /// Expected calibration error.
    case l1
    /// Root mean square.
    case l2
    /// Maximum.
    case max
  }
  /// How bins become one number.
  public let norm: Norm
  /// Number of bins.
  public let bins: Int
  /// Where borders belong.
  public let borders: BinBorders

  /// The metric. Bins outside 1...2^20 are an error.
  public init(norm: Norm = .l1, bins: Int = 15, borders: BinBorders = .upper) throws(DSXError) {
    guard (1...(1 << 20)).contains(bins) else {
      throw DSXError(.usage, "bins must be 1 to \(1 << 20), not \(bins)")
    }
    self.norm = norm
    self.bins = bins
    self.borders = borders
  }
  /// `ece`.
  public var name: String { "ece" }
  /// Norm and bins.
  public var signature: String {
    "norm:\(norm.rawValue)|bins:\(bins)|borders:\(borders.rawValue)|version:1"
  }
  /// false
  public var higherIsBetter: Bool { false }
  /// No example.
  public var zero: ReliabilityBins { ReliabilityBins(bins: bins, borders: borders) }
  /// One example.
  public func statistics(of example: Confidence) throws(DSXError) -> ReliabilityBins {
    var one = zero
    try one.add(example)
    return one
  }
  /// Adds one example.
  public func add(_ example: Confidence, to statistics: inout ReliabilityBins) throws(DSXError) {
    try statistics.add(example)
  }
  /// The error; nil without examples.
  public func score(from statistics: ReliabilityBins) -> Double? {
    let total = Double(statistics.count)
    guard total > 0 else { return nil }
    var (sum, largest) = (0.0, 0.0)
    for bin in statistics.counts.indices {
      guard let rate = statistics.hitRate(bin), let mean = statistics.meanConfidence(bin) else {
        continue
      }
      let gap = abs(rate - mean)
      let share = Double(statistics.counts[bin]) / total
      sum += share * (norm == .l2 ? gap * gap : gap)
      largest = Swift.max(largest, gap)
    }
    switch norm {
    case .l1: return sum
    case .l2: return sum.squareRoot()
    case .max: return largest
    }
  }
  /// The error, then examples, hit rate and mean confidence of each bin that is not empty, by number.
  public func scores(from statistics: ReliabilityBins) -> [NamedScore] {
    var result = [NamedScore(name, score(from: statistics))]
    for bin in statistics.counts.indices where statistics.counts[bin] > 0 {
      result.append(NamedScore("bin\(bin)-count", Double(statistics.counts[bin])))
      result.append(NamedScore("bin\(bin)-hit-rate", statistics.hitRate(bin)))
      result.append(NamedScore("bin\(bin)-confidence", statistics.meanConfidence(bin)))
    }
    return result
  }
}
