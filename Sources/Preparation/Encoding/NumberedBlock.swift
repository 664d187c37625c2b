/// A block of documents with the place of its first text in the shard.
struct NumberedBlock: Sendable {
  /// The documents.
  var block: DocumentBlock
  /// How many texts of the shard come before it; 0 where nobody asks.
  var firstText: Int
}
