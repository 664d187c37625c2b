public import DSXCore

/// Counts of words that have the same borders.
public struct SegmentCounts: MetricStatistics, VectorStatistics {
  /// Number of texts.
  public private(set) var count = 0
  /// Words with right borders.
  public private(set) var hits = 0
  /// Gold words.
  public private(set) var gold = 0
  /// Predicted words.
  public private(set) var predicted = 0

  /// No text.
  public init() {}

  mutating func add(hits: Int, gold: Int, predicted: Int) {
    count += 1
    self.hits += hits
    self.gold += gold
    self.predicted += predicted
  }
  /// Adds other texts.
  public mutating func add(_ other: SegmentCounts) throws(DSXError) {
    count = try ExampleCount.sum(count, other.count)
    hits = try ExampleCount.sum(hits, other.hits)
    gold = try ExampleCount.sum(gold, other.gold)
    predicted = try ExampleCount.sum(predicted, other.predicted)
  }

  /// Hits, gold, predicted.
  public var components: [Double] { [hits, gold, predicted].map(Double.init) }
  /// From hits, gold and predicted.
  public init(components: [Double], count: Int) {
    self.count = max(0, count)
    guard components.count == 3 else { return }
    hits = Int(exactly: components[0]) ?? 0
    gold = Int(exactly: components[1]) ?? 0
    predicted = Int(exactly: components[2]) ?? 0
  }

  private enum CodingKeys: String, CodingKey { case count, hits, gold, predicted }
  /// Reads what was written; counts that cannot be are errors.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    count = try ExampleCount.checked(container.decode(Int.self, forKey: .count))
    hits = try ExampleCount.checked(container.decode(Int.self, forKey: .hits))
    gold = try ExampleCount.checked(container.decode(Int.self, forKey: .gold))
    predicted = try ExampleCount.checked(container.decode(Int.self, forKey: .predicted))
    guard hits <= min(gold, predicted) else {
      throw DSXError(.malformed, "stored word counts cannot be")
    }
  }
}

/// F1 of word segmentation: a word is right when both its borders are (the SIGHAN bake-off's measure).
public struct SegmentationScore: Metric {
  /// One text cut twice.
  public struct Example: Sendable {
    /// The true words.
    public var gold: [String]
    /// The predicted words of the same text.
    public var predicted: [String]

    /// A text.
    public init(gold: [String], predicted: [String]) {
      self.gold = gold
      self.predicted = predicted
    }
  }
  /// The metric.
  public init() {}
  /// `segmentation-f1`.
  public var name: String { "segmentation-f1" }
  /// What counts as right.
  public var signature: String { "match:borders|average:micro|version:1" }
  /// true
  public var higherIsBetter: Bool { true }
  /// No text.
  public var zero: SegmentCounts { SegmentCounts() }

  /// One text. Words that do not make up the same text, and empty words, are errors.
  public func statistics(of example: Example) throws(DSXError) -> SegmentCounts {
    var one = SegmentCounts()
    try add(example, to: &one)
    return one
  }
  /// Adds one text.
  public func add(_ example: Example, to statistics: inout SegmentCounts) throws(DSXError) {
    for word in example.gold + example.predicted where word.isEmpty {
      throw DSXError(.malformed, "a word is empty")
    }
    guard example.gold.joined().utf8.elementsEqual(example.predicted.joined().utf8) else {
      throw DSXError(
        .malformed, "the gold and the predicted words make up different texts",
        hint: "both must hold the same characters, cut differently")
    }
    func ends(_ words: [String]) -> [Int] {
      var sum = 0
      return words.map {
        sum += $0.utf8.count
        return sum
      }
    }
    let (gold, predicted) = (ends(example.gold), ends(example.predicted))
    var (hits, place) = (0, 0)
    for (index, end) in gold.enumerated() {
      while place < predicted.count, predicted[place] < end { place += 1 }
      let start = index > 0 ? gold[index - 1] : 0
      let other = place > 0 ? predicted[place - 1] : 0
      if place < predicted.count, predicted[place] == end, start == other { hits += 1 }
    }
    statistics.add(hits: hits, gold: gold.count, predicted: predicted.count)
  }

  /// 2 hits / (gold + predicted); nil without words.
  public func score(from statistics: SegmentCounts) -> Double? {
    let words = statistics.gold + statistics.predicted
    return words > 0 ? 2 * Double(statistics.hits) / Double(words) : nil
  }
  /// F1, precision and recall.
  public func scores(from statistics: SegmentCounts) -> [NamedScore] {
    let hits = Double(statistics.hits)
    return [
      NamedScore(name, score(from: statistics)),
      NamedScore(
        "precision", statistics.predicted > 0 ? hits / Double(statistics.predicted) : nil),
      NamedScore("recall", statistics.gold > 0 ? hits / Double(statistics.gold) : nil),
    ]
  }
}
