public import DSXCore

/// The data card of a preparation: one value from which `report.json` and the HTML page are made.
public struct PreparationCard: Sendable {
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
    /// Name, bytes and SHA-256 of each input, in order.
    public var inputs: [(name: String, bytes: Int, sha256: String)] = []
    /// Tokens in a row: the line in the length histogram.
    public var sequenceLength = 0
    /// The counts of the run, as the manifest holds them (rows, dropped and padding tokens...).
    public var counts: JSONValue = .object([])
    /// What differs from run to run (seconds, workers, host): only here.
    public var runtime: JSONValue = .object([])

    /// Nothing known.
    public init() {}
  }

  private let statistics: CardStatistics
  private let facts: Facts

  /// A card.
  public init(_ statistics: CardStatistics, _ facts: Facts) {
    self.statistics = statistics
    self.facts = facts
  }

  /// `OUTPUT.report.json`: the same bytes for the same inputs and options but for its last member,
  /// `runtime`.
  public var json: JSONValue { .object([]) }

  /// `OUTPUT.report.html`: a page that needs no other file.
  public var html: String { "" }
}
