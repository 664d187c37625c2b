public import DSXCore

/// Pairs of numbers kept as keys: the exact state of rank correlations, 16 bytes an example.
public struct PairList: MetricStatistics {
  struct Pair: Equatable, Comparable {
    var gold: UInt64
    var predicted: UInt64
    static func < (left: Pair, right: Pair) -> Bool {
      left.gold == right.gold ? left.predicted < right.predicted : left.gold < right.gold
    }
  }
  private var pairs: [Pair] = []

  /// No pair.
  public init() {}
  /// Number of examples.
  public var count: Int { pairs.count }

  /// Adds one pair; values that are not finite are errors.
  public mutating func add(_ pair: NumberPair) throws(DSXError) {
    try pair.check()
    pairs.append(Pair(gold: FloatKey.key(pair.gold), predicted: FloatKey.key(pair.predicted)))
  }
  /// Adds the pairs of other examples.
  public mutating func add(_ other: PairList) throws(DSXError) { pairs += other.pairs }

  var sorted: [Pair] { pairs.sorted() }

  /// Whether both hold the same pairs.
  public static func == (left: PairList, right: PairList) -> Bool { left.sorted == right.sorted }
  private enum CodingKeys: String, CodingKey { case gold, predicted }
  /// Writes the pairs sorted by gold, then by predicted value, as two lists.
  public func encode(to encoder: any Encoder) throws {
    let sorted = sorted
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(sorted.map { FloatKey.value($0.gold) }, forKey: .gold)
    try container.encode(sorted.map { FloatKey.value($0.predicted) }, forKey: .predicted)
  }
  /// Reads what was written; lists of different lengths are errors.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let gold = try container.decode([Double].self, forKey: .gold)
    let predicted = try container.decode([Double].self, forKey: .predicted)
    guard gold.count == predicted.count else {
      throw DSXError(.malformed, "a stored list of pairs has two lengths")
    }
    for (a, b) in zip(gold, predicted) { try add(NumberPair(gold: a, predicted: b)) }
  }

  /// Spearman's correlation: Pearson's of the ranks, ties share the mean rank. Whole numbers until the
  /// last step; nil below two examples or when a side is constant. O(n log n).
  public var spearman: Double? {
    let pairs = pairs
    guard pairs.count > 1 else { return nil }
    // Doubled ranks are whole; less their mean n + 1 they are deviations.
    let left = Self.deviations(pairs.map(\.gold))
    let right = Self.deviations(pairs.map(\.predicted))
    var (shared, a, b): (Int128, Int128, Int128) = (0, 0, 0)
    for (x, y) in zip(left, right) {
      shared += Int128(x) * Int128(y)
      a += Int128(x) * Int128(x)
      b += Int128(y) * Int128(y)
    }
    guard a > 0, b > 0 else { return nil }
    // One root of the product: equal sides give exactly 1.
    return min(1, max(-1, Double(shared) / (Double(a) * Double(b)).squareRoot()))
  }

  /// 2 * (mean rank) - (n + 1) of each value.
  private static func deviations(_ keys: [UInt64]) -> [Int] {
    let order = keys.indices.sorted { keys[$0] < keys[$1] }
    var result = [Int](repeating: 0, count: keys.count)
    var start = 0
    while start < order.count {
      var end = start
      while end < order.count, keys[order[end]] == keys[order[start]] { end += 1 }
      // Ranks start + 1 ... end: twice their mean is start + 1 + end.
      for place in order[start..<end] { result[place] = start + 1 + end - (keys.count + 1) }
      start = end
    }
    return result
  }

  /// Kendall's tau-b; nil below two examples or when a side is constant. O(n log n).
  public var kendall: Double? {
    let sorted = sorted
    let n = sorted.count
    guard n > 1 else { return nil }
    let all = Int128(n) * Int128(n - 1) / 2
    func tied(_ isSame: (Pair, Pair) -> Bool, _ list: [Pair]) -> Int128 {
      var (sum, run): (Int128, Int128) = (0, 1)
      for index in 1..<n {
        if isSame(list[index - 1], list[index]) {
          sum += run
          run += 1
        } else {
          run = 1
        }
      }
      return sum
    }
    let both = tied({ $0 == $1 }, sorted)
    let inGold = tied({ $0.gold == $1.gold }, sorted)
    var values = sorted.map(\.predicted)
    let discordant = Self.inversions(&values)
    let byPredicted = sorted.sorted { $0.predicted < $1.predicted }
    let inPredicted = tied({ $0.predicted == $1.predicted }, byPredicted)
    guard inGold < all, inPredicted < all else { return nil }
    // concordant - discordant = all - ties of either side - 2 * discordant
    let balance = all - inGold - inPredicted + both - 2 * discordant
    let tau =
      Double(balance) / Double(all - inGold).squareRoot() / Double(all - inPredicted).squareRoot()
    return min(1, max(-1, tau))
  }

  /// The number of pairs in falling order, by merge sort.
  private static func inversions(_ values: inout [UInt64]) -> Int128 {
    var count: Int128 = 0
    var source = values
    var width = 1
    while width < values.count {
      var start = 0
      while start < values.count {
        let middle = min(start + width, values.count)
        let end = min(start + 2 * width, values.count)
        var (left, right) = (start, middle)
        for place in start..<end {
          if left < middle, right >= end || source[left] <= source[right] {
            values[place] = source[left]
            left += 1
          } else {
            values[place] = source[right]
            right += 1
            count += Int128(middle - left)
          }
        }
        start = end
      }
      swap(&values, &source)
      width *= 2
    }
    values = source
    return count
  }
}

/// Spearman's or Kendall's correlation, as scipy 1.17.
public struct RankCorrelation: Metric {
  /// Which one.
  public enum Kind: String, Sendable, CaseIterable {
    /// Spearman's rho.
    case spearman
    /// Kendall's tau-b.
    case kendall
  }
  /// Which one.
  public let kind: Kind
  /// The metric.
  public init(_ kind: Kind) { self.kind = kind }
  /// `spearman`, `kendall`.
  public var name: String { kind.rawValue }
  /// How ties count.
  public var signature: String {
    kind == .spearman ? "ties:average|version:1" : "variant:tau-b|version:1"
  }
  /// true
  public var higherIsBetter: Bool { true }
  /// No example.
  public var zero: PairList { PairList() }
  /// One pair.
  public func statistics(of example: NumberPair) throws(DSXError) -> PairList {
    var one = PairList()
    try one.add(example)
    return one
  }
  /// Adds one pair.
  public func add(_ example: NumberPair, to statistics: inout PairList) throws(DSXError) {
    try statistics.add(example)
  }
  /// The correlation; nil where it is not defined.
  public func score(from statistics: PairList) -> Double? {
    kind == .spearman ? statistics.spearman : statistics.kendall
  }
  /// Spearman: also the two-sided p of no correlation, from three pairs on, as scipy.
  public func scores(from statistics: PairList) -> [NamedScore] {
    let score = score(from: statistics)
    guard kind == .spearman else { return [NamedScore(name, score)] }
    return [
      NamedScore(name, score),
      NamedScore(
        "p",
        statistics.count > 2
          ? score.flatMap { Correlation.pValue($0, count: statistics.count) } : nil),
    ]
  }
}
