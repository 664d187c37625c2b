/// What a worker made of a block of documents.
struct EncodedBlock: Sendable {
  /// Ids that follow each other in one token stream.
  struct Run: Sendable {
    var stream: Int
    var count: Int
  }

  /// The ids of all documents, each followed by the end-of-text id.
  var ids: [Int32] = []
  /// How `ids` belong to token streams.
  var runs: [Run] = []
  /// Documents that were encoded.
  var documents = 0
  /// Documents that were left out because they are not valid UTF-8.
  var skippedDocuments = 0
  /// Rows without the text that was asked for, left out.
  var skippedRows = 0
  /// For each cleaning rule, in order, how many documents it changed.
  var cleanedDocuments: [Int] = []
  /// Pieces that the task leaves out: headings, blank lines.
  var filteredDocuments = 0
  /// Ids that stand for text outside the vocabulary.
  var unknownTokens = 0
  /// Bytes of input that the block stands for.
  var inputBytes = 0
}
