public import DSXCore

/// The data card of a preparation: one value from which `report.json` and the HTML page are made.
public struct PreparationCard: Sendable {
  /// One input of the plan.
  public struct Input: Hashable, Sendable {
    /// The last part of its path.
    public var name: String
    /// Its size as it lies on disk.
    public var bytes: Int
    /// Its SHA-256.
    public var sha256: String

    /// An input.
    public init(name: String, bytes: Int, sha256: String) {
      self.name = name
      self.bytes = bytes
      self.sha256 = sha256
    }
  }

  /// What the card knows beside the statistics.
  public struct Facts: Sendable {
    /// The title, usually the output's file name.
    public var title = ""
    /// Name and version of the tool.
    public var tool = "dsx"
    /// The plan's options, vocabulary included, as the manifest holds them.
    public var options: JSONValue = .object([])
    /// The plan's id.
    public var plan = ""
    /// The inputs, in order.
    public var inputs: [Input] = []
    /// What the vocabulary is, e.g. its file name and its SHA-256.
    public var vocabulary: JSONValue = .object([])
    /// The options of the quality stage, for the limits beside the reasons.
    public var quality = QualityOptions()
    /// Whether the vocabulary has an id for unknown text.
    public var countsUnknown = true
    /// The counts of the run, as the manifest holds them (rows, dropped and padding tokens...).
    public var counts: JSONValue = .object([])
    /// What differs from run to run (seconds, workers): only in the JSON, as its last member.
    public var runtime: JSONValue = .object([])

    /// Nothing known.
    public init() {}
  }

  /// Repeated lines that are listed.
  static let lineLimit = 20

  let statistics: CardStatistics
  let facts: Facts
  let repeated: [(count: Int, text: String)]

  /// A card. Both forms of it hold the same bytes for the same inputs and options, but for the member
  /// `runtime` of the JSON.
  public init(_ statistics: CardStatistics, _ facts: Facts) {
    self.statistics = statistics
    self.facts = facts
    repeated = statistics.sample.repeated(Self.lineLimit)
  }

  /// Dropped documents of all reasons.
  var droppedDocuments: Int { statistics.dropped.values.reduce(0) { $0 + $1.documents } }

  /// `part / whole`; 0 of nothing.
  static func share(_ part: Int, _ whole: Int) -> Double {
    whole > 0 ? Double(part) / Double(whole) : 0
  }

  /// The share of unknown tokens; nil when the vocabulary has no such id.
  var unknownRate: Double? {
    facts.countsUnknown ? Self.share(statistics.unknown, statistics.tokens) : nil
  }

  /// The number of all lines for each line in the sample.
  var lineWeight: Double {
    statistics.sample.isComplete
      ? 1 : Double(statistics.sample.lines) / Double(LineSample.capacity)
  }

  /// One SHA-256 over the names, sizes and hashes of all inputs.
  var inputsDigest: String {
    var hash = SHA256()
    for input in facts.inputs { hash.update("\(input.sha256) \(input.bytes) \(input.name)\n") }
    return hash.hexDigest()
  }
}
