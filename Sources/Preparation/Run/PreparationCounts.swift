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
  /// Rows left out because they have not the text that was asked for.
  public var skippedRows = 0
  /// Archive members that were passed over.
  public var skippedMembers = 0
  /// Pieces that the task leaves out: headings, blank lines.
  public var filteredDocuments = 0
  /// Documents that the quality stage dropped.
  public var droppedDocuments = 0
  /// Ids of all documents, end-of-text ids included.
  public var tokens = 0
  /// Rows written, those of the validation set included.
  public var rows = 0
  /// Ids that reached no row.
  public var droppedTokens = 0
  /// Ids that were added to fill rows.
  public var paddingTokens = 0
  /// Of `documents`, those in the validation set.
  public var validationDocuments = 0
  /// Of `tokens`, those in the validation set.
  public var validationTokens = 0
  /// Of `rows`, those in the validation set.
  public var validationRows = 0
  /// Ids that stand for text outside the vocabulary; nil when it has no such id.
  public var unknownTokens: Int?
  /// How many documents each rule of the quality stage dropped.
  public var dropped: [QualityRule: Int] = [:]

  /// For each cleaning rule, in order, how many documents it changed.
  public var cleaned: [Int] = []

  /// Nothing counted.
  public init() {}

  /// The members of `json`, with where their values live.
  private static let members: [(String, any WritableKeyPath<PreparationCounts, Int> & Sendable)] = [
    ("files", \.files), ("input_bytes", \.inputBytes), ("documents", \.documents),
    ("skipped_documents", \.skippedDocuments), ("skipped_rows", \.skippedRows),
    ("skipped_members", \.skippedMembers), ("filtered_documents", \.filteredDocuments),
    ("dropped_documents", \.droppedDocuments),
    ("tokens", \.tokens), ("rows", \.rows), ("dropped_tokens", \.droppedTokens),
    ("padding_tokens", \.paddingTokens), ("validation_documents", \.validationDocuments),
    ("validation_tokens", \.validationTokens), ("validation_rows", \.validationRows),
  ]

  /// The counts as an object.
  public var json: JSONValue {
    var members = Self.members.map { JSONValue.Member($0.0, .int(Int64(self[keyPath: $0.1]))) }
    members.append(
      JSONValue.Member("unknown_tokens", unknownTokens.map { .int(Int64($0)) } ?? .null))
    let reasons = dropped.sorted { $0.key.rawValue < $1.key.rawValue }
    members.append(
      JSONValue.Member(
        "dropped_by",
        .object(reasons.map { JSONValue.Member($0.key.name, .int(Int64($0.value))) })))
    members.append(
      JSONValue.Member("cleaned_documents", .array(cleaned.map { .int(Int64($0)) })))
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
    for member in json["dropped_by"]?.object ?? [] {
      guard let rule = QualityRule(name: member.name), let count = member.value.int else {
        throw DSXError(.malformed, "the manifest counts an unknown reason '\(member.name)'")
      }
      dropped[rule] = count
    }
    cleaned = json["cleaned_documents"]?.array?.compactMap(\.int) ?? []
  }

  /// Adds what another part counted.
  mutating func add(_ other: PreparationCounts) {
    for (_, path) in Self.members {
      // A manifest may say anything; real counts never come near the limit.
      let (sum, overflows) = self[keyPath: path].addingReportingOverflow(other[keyPath: path])
      self[keyPath: path] = overflows ? .max : sum
    }
    if let unknown = other.unknownTokens { unknownTokens = (unknownTokens ?? 0) &+ unknown }
    dropped.merge(other.dropped) { $0 &+ $1 }
    for (rule, count) in other.cleaned.enumerated() {
      if rule >= cleaned.count { cleaned.append(0) }
      cleaned[rule] &+= count
    }
  }

  /// Adds what the sink of a set counted.
  mutating func add(_ counts: PreparationCounts, of set: DocumentSet) {
    var counts = counts
    if set == .validation {
      counts.validationDocuments = counts.documents
      counts.validationTokens = counts.tokens
      counts.validationRows = counts.rows
    }
    add(counts)
  }

  /// The share of unknown ids among those of the text; nil when the vocabulary has no such id.
  public var unknownRate: Double? {
    guard let unknownTokens else { return nil }
    let own = tokens - documents
    return own > 0 ? Double(unknownTokens) / Double(own) : 0
  }

  /// The share of the ids in rows that are no padding, 0 to 1; nil without rows.
  public var fillRate: Double? {
    let kept = tokens - droppedTokens
    return rows > 0 ? Double(kept) / Double(kept + paddingTokens) : nil
  }
}
