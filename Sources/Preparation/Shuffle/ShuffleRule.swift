/// What is put into a random order.
public enum ShuffleRule: String, CaseIterable, Sendable {
  /// Nothing: rows follow the inputs.
  case none
  /// The documents of the whole corpus, before they are packed.
  case documents
  /// The rows of the whole corpus, after they are packed.
  case rows
}
