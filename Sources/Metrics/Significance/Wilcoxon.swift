internal import Glibc

/// Wilcoxon's signed-rank test of paired values, two-sided, as scipy 1.17.1 `wilcoxon`.
public enum Wilcoxon {
  /// The smaller of both rank sums and its p-value.
  ///
  /// Pairs without difference are dropped (`zero_method="wilcox"`). Up to 50 pairs without ties and
  /// zeros: exact; up to 13 with them: all sign changes counted; else the normal approximation with
  /// tie correction and no continuity correction. No difference at all: p 1.
  public static func test(_ first: [Double], _ second: [Double]) -> TestResult? {
    guard first.count == second.count, !first.isEmpty else { return nil }
    let all = zip(first, second).map { $0 - $1 }
    guard !all.contains(where: \.isNaN) else { return nil }
    let differences = all.filter { $0 != 0 }
    guard !differences.isEmpty else {
      return TestResult(statistic: 0, pValue: 1, method: "wilcoxon, no difference")
    }
    let (ranks, ties) = Self.ranks(differences.map(abs))
    let n = Double(differences.count)
    var plus = 0.0
    var minus = 0.0
    for (difference, rank) in zip(differences, ranks) {
      if difference > 0 { plus += rank } else { minus += rank }
    }
    let statistic = min(plus, minus)
    let isClean = differences.count == all.count && ties.allSatisfy { $0 == 1 }
    if all.count <= 50, isClean {
      return TestResult(
        statistic: statistic, pValue: exact(plus, differences.count), method: "wilcoxon exact")
    }
    if all.count <= 13 {
      return TestResult(
        statistic: statistic, pValue: enumerated(ranks, plus),
        method: "wilcoxon, all sign changes")
    }
    let tied = ties.reduce(0) { $0 + (Double($1) * Double($1) * Double($1) - Double($1)) }
    let spread = ((n * (n + 1) * (2 * n + 1) - tied / 2) / 24).squareRoot()
    let z = (plus - n * (n + 1) / 4) / spread
    return TestResult(
      statistic: statistic, pValue: NormalDistribution.twoSided(z), method: "wilcoxon normal")
  }

  /// Average ranks from 1, and the sizes of the groups of equal values.
  static func ranks(_ values: [Double]) -> (ranks: [Double], ties: [Int]) {
    let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
    var ranks = [Double](repeating: 0, count: values.count)
    var ties: [Int] = []
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      let rank = Double(start + 1 + end) / 2
      for place in start..<end { ranks[order[place]] = rank }
      ties.append(end - start)
      start = end
    }
    return (ranks, ties)
  }

  /// 2 min(P(W <= w), P(W >= w)) over all 2^n sign patterns of the ranks 1...n.
  private static func exact(_ plus: Double, _ n: Int) -> Double {
    var ways = [1.0]
    for rank in 1...n {
      var next = [Double](repeating: 0, count: ways.count + rank)
      for (sum, count) in ways.enumerated() {
        next[sum] += count
        next[sum + rank] += count
      }
      ways = next
    }
    let whole = scalbn(1, Int32(n))
    let place = Int(plus)
    let below = ways[...place].reduce(0, +) / whole
    let above = ways[place...].reduce(0, +) / whole
    return min(1, 2 * min(below, above))
  }

  /// The same by trying every sign pattern of these ranks.
  private static func enumerated(_ ranks: [Double], _ plus: Double) -> Double {
    var (below, above) = (0, 0)
    let patterns = 1 << ranks.count
    for pattern in 0..<patterns {
      var sum = 0.0
      for (place, rank) in ranks.enumerated() where pattern >> place & 1 == 1 { sum += rank }
      if sum <= plus { below += 1 }
      if sum >= plus { above += 1 }
    }
    return min(1, 2 * Double(min(below, above)) / Double(patterns))
  }
}
