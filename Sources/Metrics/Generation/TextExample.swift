internal import DSXCore

/// A system's text and the reference texts that it is compared with.
public struct TextExample: Sendable, Equatable {
  /// The system's text.
  public var hypothesis: String
  /// The references; nil is one that this example does not have though others do.
  public var references: [String?]

  /// An example with any number of references.
  public init(hypothesis: String, references: [String?]) {
    self.hypothesis = hypothesis
    self.references = references
  }

  /// An example with one reference.
  public init(hypothesis: String, reference: String) {
    self.init(hypothesis: hypothesis, references: [reference])
  }

  /// From a row's `hypothesis` and `references`.
  init(_ row: MetricRow) throws(DSXError) {
    try self.init(
      hypothesis: row.text("hypothesis"), references: row.textsOrMissing("references"))
  }

  /// What every metric over texts reads of a row.
  static let columns = [MetricColumn.hypothesis, MetricColumn.references]

  /// The references that there are. None at all is an error, and so is an example above 128
  /// MiB.
  func presentReferences() throws(DSXError) -> [String] {
    let present = references.compactMap { $0 }
    guard !present.isEmpty else {
      throw DSXError(
        .malformed,
        references.isEmpty ? "the example has no reference" : "every reference is null",
        hint: "every example needs a reference; only some of several may be null")
    }
    var bytes = hypothesis.utf8.count
    for reference in present { bytes += min(reference.utf8.count, TokenList.limit) + 8 }
    guard bytes <= TokenList.limit else {
      throw DSXError(
        .unsupported, "an example of more than \(TokenList.limit >> 20) MiB",
        hint: "score sentences or documents one by one")
    }
    return present
  }

  /// The only reference. Another number of them is an error.
  func onlyReference() throws(DSXError) -> String {
    let present = try presentReferences()
    guard present.count == 1 else {
      throw DSXError(
        .malformed, "\(present.count) references for a metric that takes one",
        hint: "give one reference an example")
    }
    return present[0]
  }
}

/// How many references the examples have.
struct ReferenceCounts: Sendable, Equatable, Codable {
  /// The least of an example; 0 without examples.
  private(set) var least = 0
  /// The most of an example.
  private(set) var most = 0

  mutating func add(_ count: Int) {
    least = least == 0 ? count : min(least, count)
    most = max(most, count)
  }

  mutating func add(_ other: ReferenceCounts) {
    guard other.most > 0 else { return }
    add(other.least)
    add(other.most)
  }

  /// `1`, `4`, or `var` where examples differ, as in sacrebleu's signatures.
  var text: String { least == most ? String(max(1, most)) : "var" }
}

/// Statistics that know how many texts had characters but no token.
public protocol TokenLossStatistics: MetricStatistics {
  /// Hypotheses and references that are not blank, of which the tokenizer left nothing.
  var textsWithoutTokens: Int { get }
}
