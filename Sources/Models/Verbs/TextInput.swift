/// A text, or a pair of texts, as an encoder takes it.
public struct TextInput: Sendable, Hashable {
  /// The text, or the first of the pair (sentence 1, question).
  public var text: String
  /// The second text (sentence 2, context), or nil.
  public var pair: String?

  /// An input.
  public init(_ text: String, pair: String? = nil) {
    self.text = text
    self.pair = pair
  }
}

/// What is done with an input that is longer than the model's context.
public enum LongInput: String, CaseIterable, Sendable {
  /// The example fails and says so: the default.
  case error
  /// Ids at the beginning are left out.
  case truncateLeft = "truncate-left"
  /// Ids at the end are left out.
  case truncateRight = "truncate-right"
  /// Overlapping windows, where the verb knows how to join them.
  case window
}
