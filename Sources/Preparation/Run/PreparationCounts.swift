public import DSXCore

/// What a preparation counted. The same for every worker count.
public struct PreparationCounts: Hashable, Sendable {
  /// Input files, empty ones included.
  public var files = 0
  /// Bytes of all inputs.
  public var inputBytes = 0
  /// Documents that were encoded.
  public var documents = 0
  /// Documents left out because they are not valid UTF-8.
  public var skippedDocuments = 0
  /// Pieces that the task leaves out: headings, blank lines.
  public var filteredDocuments = 0
  /// Ids of all documents, end-of-text ids included.
  public var tokens = 0
  /// Rows written.
  public var rows = 0
  /// Ids that reached no row.
  public var droppedTokens = 0
  /// Ids that were added to fill last rows.
  public var paddingTokens = 0
  /// Ids that stand for text outside the vocabulary; nil when it has no such id.
  public var unknownTokens: Int?

  /// Nothing counted.
  public init() {}

  /// The members of `json`, with where their values live.
  private static let members: [(String, any WritableKeyPath<PreparationCounts, Int> & Sendable)] = [
    ("files", \.files), ("input_bytes", \.inputBytes), ("documents", \.documents),
    ("skipped_documents", \.skippedDocuments), ("filtered_documents", \.filteredDocuments),
    ("tokens", \.tokens), ("rows", \.rows), ("dropped_tokens", \.droppedTokens),
    ("padding_tokens", \.paddingTokens),
  ]

  /// The counts as an object.
  public var json: JSONValue {
    var members = Self.members.map { JSONValue.Member($0.0, .int(Int64(self[keyPath: $0.1]))) }
    members.append(
      JSONValue.Member("unknown_tokens", unknownTokens.map { .int(Int64($0)) } ?? .null))
    return .object(members)
  }

  /// Counts from a manifest. Throws `malformed` when one is missing.
  init(json: JSONValue) throws(DSXError) {
    for (name, path) in Self.members {
      guard let value = json[name]?.int, value >= 0 else {
        throw DSXError(.malformed, "the manifest has no count '\(name)'")
      }
      self[keyPath: path] = value
    }
    unknownTokens = json["unknown_tokens"]?.int
  }

  /// The share of unknown ids among those of the text; nil when the vocabulary has no such id.
  public var unknownRate: Double? {
    guard let unknownTokens else { return nil }
    let own = tokens - documents
    return own > 0 ? Double(unknownTokens) / Double(own) : 0
  }
}
