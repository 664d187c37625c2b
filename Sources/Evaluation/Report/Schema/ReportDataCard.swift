public import DSXCore

/// What the examples of a run are like.
public struct ReportDataCard: ReportPart {
  /// A name and how many there are.
  public struct Share: ReportPart {
    /// The name.
    public var name: String
    /// How many.
    public var count: Int

    /// A pair.
    public init(_ name: String, _ count: Int) {
      self.name = name
      self.count = count
    }

    /// Reads the part; as `ReportPart` says.
    public init(_ reader: ReportReader) throws(DSXError) {
      name = try reader.identifier("name")
      count = try reader.count("n") ?? 0
    }

    /// The part as it stands in the file.
    public var json: JSONValue {
      .object([.init("name", .string(name)), .init("n", .int(Int64(count)))])
    }
  }

  /// Tokens of an example.
  public var tokens: BinnedCounts?
  /// The length that the model takes; drawn into the histogram.
  public var sequenceLength: Int?
  /// Gold labels.
  public var labels: [Share]
  /// Languages or scripts.
  public var languages: [Share]
  /// Records that were refused or left out, by reason.
  public var rejected: [Share]
  /// Examples whose input came before (the same input hash).
  public var duplicates: Int?
  /// Tokens kept after packing, of all tokens: 0...1.
  public var packedShare: Double?
  /// Other facts, in order: name and value.
  public var facts: JSONValue?

  /// A card.
  public init(
    tokens: BinnedCounts? = nil, sequenceLength: Int? = nil, labels: [Share] = [],
    languages: [Share] = [], rejected: [Share] = [], duplicates: Int? = nil,
    packedShare: Double? = nil, facts: JSONValue? = nil
  ) {
    self.tokens = tokens
    self.sequenceLength = sequenceLength
    self.labels = labels
    self.languages = languages
    self.rejected = rejected
    self.duplicates = duplicates
    self.packedShare = packedShare
    self.facts = facts
  }

  /// Reads the part; as `ReportPart` says.
  public init(_ reader: ReportReader) throws(DSXError) {
    tokens = try reader.part("tokens")
    sequenceLength = try reader.count("sequence_length")
    labels = try reader.parts("labels")
    languages = try reader.parts("languages")
    rejected = try reader.parts("rejected")
    duplicates = try reader.count("duplicates")
    packedShare = try reader.number("packed_share")
    facts = try reader.object("facts")
  }

  /// The part as it stands in the file.
  public var json: JSONValue {
    var members = ReportMembers()
    members.add("tokens", tokens)
    members.add("sequence_length", sequenceLength)
    members.add("labels", labels)
    members.add("languages", languages)
    members.add("rejected", rejected)
    members.add("duplicates", duplicates)
    members.add("packed_share", packedShare)
    members.add("facts", value: facts)
    return members.json
  }
}
