public import DSXCore

/// Every score that each label got from the examples of each true label: the exact state of AUROC and
/// average precision over several labels, one against the rest or against one.
public struct ScoreTable: MetricStatistics {
  /// Number of labels, k.
  public let labelCount: Int
  /// k * k lists of keys: the scores that label `c` got where label `g` is true, at g * k + c.
  private var lists: [[UInt64]]
  private var isSorted = true

  /// No example over `labelCount` labels.
  public init(labelCount: Int) {
    self.labelCount = max(1, labelCount)
    lists = [[UInt64]](repeating: [], count: self.labelCount * self.labelCount)
  }

  /// Number of examples.
  public var count: Int { (0..<labelCount).reduce(0) { $0 + lists[$1 * labelCount].count } }
  /// Examples of each label.
  public var support: [Int] { (0..<labelCount).map { lists[$0 * labelCount].count } }

  /// Adds one example. Another number of scores, an unknown label or a score that is not a number is an
  /// error.
  public mutating func add(_ example: TopKAccuracy.Example) throws(DSXError) {
    try example.check(labelCount: labelCount)
    for (label, score) in example.scores.enumerated() {
      lists[example.gold * labelCount + label].append(FloatKey.key(score))
    }
    isSorted = false
  }

  /// Adds the scores of other examples over as many labels.
  public mutating func add(_ other: ScoreTable) throws(DSXError) {
    guard other.labelCount == labelCount else {
      throw DSXError(
        .malformed,
        "statistics over \(other.labelCount) labels cannot be added to those over \(labelCount)")
    }
    for index in lists.indices { lists[index] += other.lists[index] }
    isSorted = false
  }

  private var sorted: ScoreTable {
    guard !isSorted else { return self }
    var copy = self
    for index in copy.lists.indices { FloatKey.sort(&copy.lists[index]) }
    copy.isSorted = true
    return copy
  }

  /// The area of each label against the rest; nil for a label without examples of both kinds.
  public var oneVersusRest: [Double?] {
    let table = sorted
    let support = support
    let total = support.reduce(0, +)
    return (0..<labelCount).map { label in
      let rest = total - support[label]
      guard support[label] > 0, rest > 0 else { return nil }
      var wins: UInt128 = 0
      for other in 0..<labelCount where other != label {
        wins += RankedScores.doubledWins(
          table[label, label], over: table[other, label])
      }
      return Double(wins) / (2 * Double(support[label]) * Double(rest))
    }
  }

  /// The mean of both areas of each two labels, (0, 1), (0, 2), ... (1, 2), ...; nil where one of them
  /// does not occur.
  public var oneVersusOne: [(left: Int, right: Int, area: Double?)] {
    let table = sorted
    let support = support
    var result: [(left: Int, right: Int, area: Double?)] = []
    for left in 0..<labelCount {
      for right in (left + 1)..<max(labelCount, left + 1) {
        guard support[left] > 0, support[right] > 0 else {
          result.append((left, right, nil))
          continue
        }
        let pairs = 2 * Double(support[left]) * Double(support[right])
        let forth = RankedScores.doubledWins(table[left, left], over: table[right, left])
        let back = RankedScores.doubledWins(table[right, right], over: table[left, right])
        result.append((left, right, (Double(forth) / pairs + Double(back) / pairs) / 2))
      }
    }
    return result
  }

  /// The average precision of each label against the rest; nil for a label without examples.
  public var averagePrecisions: [Double?] {
    (0..<labelCount).map { label in
      var ranked = RankedScores()
      for gold in 0..<labelCount { ranked.append(self[gold, label], isPositive: gold == label) }
      return ranked.averagePrecision
    }
  }

  private subscript(gold: Int, label: Int) -> [UInt64] { lists[gold * labelCount + label] }

  /// Whether both hold the same scores.
  public static func == (left: ScoreTable, right: ScoreTable) -> Bool {
    left.labelCount == right.labelCount && left.sorted.lists == right.sorted.lists
  }

  private enum CodingKeys: String, CodingKey { case labels, lists }

  /// Writes the sorted lists.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(labelCount, forKey: .labels)
    try container.encode(sorted.lists.map { $0.map(FloatKey.signed) }, forKey: .lists)
  }

  /// Reads what was written; lists of different lengths in one row are errors.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let labelCount = try container.decode(Int.self, forKey: .labels)
    let stored = try container.decode([[Int64]].self, forKey: .lists)
    let lists = stored.map { $0.map(FloatKey.unsigned) }
    guard (1...LabelSet.maximumCount).contains(labelCount), lists.count == labelCount * labelCount,
      lists.indices.allSatisfy({
        lists[$0].count == lists[$0 / labelCount * labelCount].count
      }), lists.allSatisfy({ $0.allSatisfy { !FloatKey.value($0).isNaN } })
    else { throw DSXError(.malformed, "a stored table of scores is not square") }
    self.labelCount = labelCount
    self.lists = lists
    isSorted = false
  }
}

extension TopKAccuracy.Example {
  /// Throws unless there are `labelCount` scores, all numbers, and the true label is one of them.
  func check(labelCount: Int) throws(DSXError) {
    guard scores.count == labelCount else {
      throw DSXError(
        .malformed, "an example has \(scores.count) scores for \(labelCount) labels",
        hint: "scores are one number a label, in the order of the labels")
    }
    guard scores.indices.contains(gold) else {
      throw DSXError(
        .malformed, "the gold label \(gold) is outside the \(labelCount) scored labels")
    }
    guard !scores.contains(where: \.isNaN) else {
      throw DSXError(.malformed, "a label's score is not a number")
    }
  }
}
