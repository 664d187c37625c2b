public import DSXCore

/// Counts of entities by type, and of tags.
public struct EntityStatistics: MetricStatistics {
  /// Counts of one type.
  public struct Tally: Sendable, Codable, Equatable {
    /// Entities that are right in place and type.
    public var hits = 0
    /// Gold entities.
    public var gold = 0
    /// Predicted entities.
    public var predicted = 0
  }

  /// Number of sequences.
  public private(set) var count = 0
  /// Number of tags.
  public private(set) var tags = 0
  /// Tags that are equal.
  public private(set) var equalTags = 0
  private var tallies: [Tally] = []
  private var table = TagTable()

  /// No sequence.
  public init() {}

  /// Types that occur, sorted by code points, with their counts.
  public var types: [(name: String, tally: Tally)] {
    var found: [(name: String, tally: Tally)] = []
    for (place, tally) in tallies.enumerated() where tally != Tally() {
      found.append((table.types[place], tally))
    }
    return found.sorted { Self.precedes($0.name, $1.name) }
  }

  /// The sums over all types.
  public var total: Tally {
    tallies.reduce(into: Tally()) {
      $0.hits += $1.hits
      $0.gold += $1.gold
      $0.predicted += $1.predicted
    }
  }

  static func precedes(_ left: String, _ right: String) -> Bool {
    left.unicodeScalars.lexicographicallyPrecedes(right.unicodeScalars)
  }

  /// Adds one sequence. Sequences of different lengths and unknown tags are errors.
  mutating func add(
    gold: [String], predicted: [String], _ rules: TagRules, _ finder: EntityFinder,
    _ buffers: inout EntityBuffers
  ) throws(DSXError) {
    guard gold.count == predicted.count else {
      throw DSXError(
        .malformed, "the sequences have \(gold.count) and \(predicted.count) tags",
        hint: "gold and predicted tags must belong to the same tokens")
    }
    buffers.clear()
    for tag in gold { buffers.gold.append(try table.number(tag, rules)) }
    for tag in predicted { buffers.predicted.append(try table.number(tag, rules)) }
    var equal = 0
    for index in buffers.gold.indices {
      equal += buffers.gold[index] == buffers.predicted[index] ? 1 : 0
    }
    finder.find(buffers.gold, table.parsed, into: &buffers.goldSpans)
    finder.find(buffers.predicted, table.parsed, into: &buffers.predictedSpans)
    count += 1
    tags += gold.count
    equalTags += equal
    while tallies.count < table.types.count { tallies.append(Tally()) }
    for span in buffers.goldSpans { tallies[Int(span.type)].gold += 1 }
    for span in buffers.predictedSpans { tallies[Int(span.type)].predicted += 1 }
    // Starts never fall in either list.
    var place = 0
    for span in buffers.predictedSpans {
      while place < buffers.goldSpans.count, buffers.goldSpans[place].start < span.start {
        place += 1
      }
      var candidate = place
      while candidate < buffers.goldSpans.count, buffers.goldSpans[candidate].start == span.start {
        if buffers.goldSpans[candidate] == span {
          tallies[Int(span.type)].hits += 1
          break
        }
        candidate += 1
      }
    }
  }

  /// Adds the counts of other sequences.
  public mutating func add(_ other: EntityStatistics) throws(DSXError) {
    count = try ExampleCount.sum(count, other.count)
    tags = try ExampleCount.sum(tags, other.tags)
    equalTags = try ExampleCount.sum(equalTags, other.equalTags)
    for (index, tally) in other.tallies.enumerated() where tally != Tally() {
      let place = Int(table.place(of: other.table.types[index]))
      while tallies.count < table.types.count { tallies.append(Tally()) }
      tallies[place].hits = try ExampleCount.sum(tallies[place].hits, tally.hits)
      tallies[place].gold = try ExampleCount.sum(tallies[place].gold, tally.gold)
      tallies[place].predicted = try ExampleCount.sum(tallies[place].predicted, tally.predicted)
    }
  }

  /// Whether all counts are the same.
  public static func == (left: EntityStatistics, right: EntityStatistics) -> Bool {
    left.count == right.count && left.tags == right.tags && left.equalTags == right.equalTags
      && left.types.elementsEqual(right.types) {
        $0.name.hasBytes(of: $1.name) && $0.tally == $1.tally
      }
  }

  private enum CodingKeys: String, CodingKey {
    case count, tags, equalTags, types, hits, gold, predicted
  }

  /// Writes the counts; types sorted, each number of theirs as a list.
  public func encode(to encoder: any Encoder) throws {
    let types = types
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(count, forKey: .count)
    try container.encode(tags, forKey: .tags)
    try container.encode(equalTags, forKey: .equalTags)
    try container.encode(types.map(\.name), forKey: .types)
    try container.encode(types.map(\.tally.hits), forKey: .hits)
    try container.encode(types.map(\.tally.gold), forKey: .gold)
    try container.encode(types.map(\.tally.predicted), forKey: .predicted)
  }

  /// Reads what was written; a type twice and counts that cannot be are errors.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    count = try ExampleCount.checked(container.decode(Int.self, forKey: .count))
    tags = try ExampleCount.checked(container.decode(Int.self, forKey: .tags))
    equalTags = try ExampleCount.checked(container.decode(Int.self, forKey: .equalTags))
    let types = try container.decode([String].self, forKey: .types)
    let hits = try container.decode([Int].self, forKey: .hits)
    let gold = try container.decode([Int].self, forKey: .gold)
    let predicted = try container.decode([Int].self, forKey: .predicted)
    guard equalTags <= tags, Set(types.map(ExactText.init)).count == types.count,
      hits.count == types.count,
      gold.count == types.count, predicted.count == types.count,
      types.indices.allSatisfy({
        hits[$0] >= 0 && hits[$0] <= min(gold[$0], predicted[$0])
          && max(gold[$0], predicted[$0]) <= ExampleCount.limit
      })
    else { throw DSXError(.malformed, "stored entity counts cannot be") }
    for (index, type) in types.enumerated() {
      let place = Int(table.place(of: type))
      while tallies.count < table.types.count { tallies.append(Tally()) }
      tallies[place] = Tally(hits: hits[index], gold: gold[index], predicted: predicted[index])
    }
  }
}

/// Room that one pass over sequences works in.
struct EntityBuffers {
  var gold: [Int32] = []
  var predicted: [Int32] = []
  var goldSpans: [EntityFinder.Span] = []
  var predictedSpans: [EntityFinder.Span] = []

  mutating func clear() {
    gold.removeAll(keepingCapacity: true)
    predicted.removeAll(keepingCapacity: true)
    goldSpans.removeAll(keepingCapacity: true)
    predictedSpans.removeAll(keepingCapacity: true)
  }
}
