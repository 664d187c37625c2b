/// What a worker made of a block of documents.
struct EncodedBlock: Sendable {
  /// One document.
  struct Document: Sendable {
    /// Its ids, end-of-text id included.
    var count: Int
    /// The number of its input file.
    var file: Int
    /// Where it goes.
    var set: DocumentSet
  }

  /// The ids of all documents, each followed by the end-of-text id.
  var ids: [Int32] = []
  /// What each id is to be predicted as; empty where that is the id itself.
  var labels: [Int32] = []
  /// The documents that were encoded, in order.
  var documents: [Document] = []
  /// Documents that were left out because they are not valid UTF-8.
  var skippedDocuments = 0
  /// Pieces that the task leaves out: headings, blank lines.
  var filteredDocuments = 0
  /// Rows without the text that was asked for, left out.
  var skippedRows = 0
  /// Archive members that were passed over.
  var skippedMembers = 0
  /// For each cleaning rule, in order, how many documents it changed.
  var cleanedDocuments: [Int] = []
  /// How many documents the quality stage dropped, by rule.
  var dropped: [QualityRule: Int] = [:]
  /// Their lines for the file of dropped documents.
  var droppedLines: [UInt8] = []
  /// Ids that stand for text outside the vocabulary.
  var unknownTokens = 0
  /// Bytes of input that the block stands for.
  var inputBytes = 0
}
