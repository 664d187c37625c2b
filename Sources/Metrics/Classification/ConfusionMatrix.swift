public import DSXCore

/// Counts of (gold, predicted) pairs: the additive statistics of every label metric.
public struct ConfusionMatrix: MetricStatistics {
  /// Number of labels, k.
  public let labelCount: Int
  /// k * k counts, row = gold, column = predicted, row by row.
  public private(set) var cells: [Int]

  /// No example over `labelCount` labels.
  public init(labelCount: Int) {
    self.labelCount = max(1, labelCount)
    cells = [Int](repeating: 0, count: self.labelCount * self.labelCount)
  }

  /// Counts that are known. Not square, negative or over 2^61 in sum is an error.
  public init(rows: [[Int]]) throws(DSXError) {
    guard !rows.isEmpty, rows.allSatisfy({ $0.count == rows.count }) else {
      throw DSXError(.malformed, "a confusion matrix must be square and not empty")
    }
    try self.init(labelCount: rows.count, cells: rows.flatMap { $0 })
  }

  init(labelCount: Int, cells: [Int]) throws(DSXError) {
    guard labelCount > 0, labelCount <= LabelSet.maximumCount,
      cells.count == labelCount * labelCount
    else {
      throw DSXError(
        .malformed, "a confusion matrix of \(labelCount) labels has \(cells.count) cells")
    }
    var total = 0
    for cell in cells {
      let (sum, overflow) = total.addingReportingOverflow(cell)
      guard cell >= 0, !overflow, sum <= 1 << 61 else {
        throw DSXError(.malformed, "a confusion matrix has a negative or too large count")
      }
      total = sum
    }
    self.labelCount = labelCount
    self.cells = cells
  }

  /// The count of one pair. Both places must be below `labelCount`.
  public subscript(gold gold: Int, predicted predicted: Int) -> Int {
    cells[gold * labelCount + predicted]
  }

  /// The counts, a row a gold label.
  public var rows: [[Int]] {
    (0..<labelCount).map { Array(cells[($0 * labelCount)..<(($0 + 1) * labelCount)]) }
  }

  /// Number of examples.
  public var count: Int { cells.reduce(0, +) }
  /// Number of right answers.
  public var correct: Int {
    (0..<labelCount).reduce(0) { $0 + cells[$1 * labelCount + $1] }
  }
  /// Examples of each gold label.
  public var support: [Int] {
    (0..<labelCount).map { cells[($0 * labelCount)..<(($0 + 1) * labelCount)].reduce(0, +) }
  }
  /// Predictions of each label.
  public var predictions: [Int] {
    (0..<labelCount).map { column in
      (0..<labelCount).reduce(0) { $0 + cells[$1 * labelCount + column] }
    }
  }

  /// Counts one example. A place outside the labels is an error.
  public mutating func add(_ pair: LabelPair) throws(DSXError) {
    try Self.check(pair, labelCount: labelCount)
    cells[pair.gold * labelCount + pair.predicted] += 1
  }

  /// Throws when a place lies outside the labels.
  static func check(_ pair: LabelPair, labelCount: Int) throws(DSXError) {
    for (place, what) in [(pair.gold, "gold"), (pair.predicted, "predicted")] {
      guard place >= 0, place < labelCount else {
        throw DSXError(
          .malformed, "the \(what) label \(place) is outside the \(labelCount) declared labels",
          hint: "labels count from 0 in the order in which the task declares them")
      }
    }
  }

  /// Adds k * k counts whose sum was checked.
  mutating func addCounts(_ counts: [UInt64]) {
    for index in cells.indices { cells[index] += Int(counts[index]) }
  }

  /// Adds the counts of other examples over as many labels.
  public mutating func add(_ other: ConfusionMatrix) throws(DSXError) {
    guard other.labelCount == labelCount else {
      throw DSXError(
        .malformed,
        "statistics over \(other.labelCount) labels cannot be added to those over \(labelCount)",
        hint: "all shards of a run must declare the same labels")
    }
    // Each sum is at most 2^61 (checked when read), so the two sums cannot overflow.
    guard count + other.count <= 1 << 61 else {
      throw DSXError(.malformed, "a confusion matrix cannot count over 2^61 examples")
    }
    for index in cells.indices { cells[index] += other.cells[index] }
  }

  private enum CodingKeys: String, CodingKey { case labels, cells }

  /// Reads `labels` (k) and `cells` (k * k counts, row by row).
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      labelCount: container.decode(Int.self, forKey: .labels),
      cells: container.decode([Int].self, forKey: .cells))
  }

  /// Writes `labels` and `cells`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(labelCount, forKey: .labels)
    try container.encode(cells, forKey: .cells)
  }
}
