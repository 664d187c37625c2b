public import DSXCore

/// What a data card tells about the documents, as a state that adds.
///
/// Every worker or block has its own; `merge` is commutative and associative to the last bit, so the
/// result does not depend on how the work was cut.
public struct CardStatistics: Hashable, Sendable {
  /// Nothing counted.
  public init() {}

  /// Counts a kept document: `text` is what was encoded, `tokens` without the end-of-text id.
  public mutating func add(
    _ text: UnsafeRawBufferPointer, place: DocumentPlace, tokens: Int, unknown: Int
  ) {
  }

  /// Counts a dropped document of so many bytes.
  public mutating func addDropped(_ rule: QualityRule, place: DocumentPlace, bytes: Int) {
  }

  /// Adds another state.
  public mutating func merge(_ other: CardStatistics) {
  }

  /// The state as JSON, for a shard's file.
  public var state: JSONValue { .object([]) }

  /// Reads a state. Throws `malformed`.
  public init(state: JSONValue) throws(DSXError) {
  }
}
