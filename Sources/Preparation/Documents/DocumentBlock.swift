/// Some documents on their way from the reader to a worker: raw bytes as they are in the files.
struct DocumentBlock: Sendable {
  /// What a document's bytes are.
  enum Form: Hashable, Sendable {
    /// The text itself.
    case text
    /// A JSON object that holds the text.
    case jsonRow
    /// A CSV record of `width` fields, one of which is the text.
    case csvRow(column: Int, width: Int, delimiter: UInt8)
  }

  /// One document.
  struct Document: Sendable {
    /// Its bytes, as a range of the block's.
    var range: Range<Int>
    /// The number of its input file.
    var file: Int
    /// The byte of that file at which it begins; in compressed files and archives, of the text there.
    var offset: Int
    /// The token stream that it belongs to: packing carries tokens over inside of one.
    var stream: Int
    /// What its bytes are.
    var form = Form.text
    /// Its archive member, as an index into the block's `members`; -1 outside of archives.
    var member = -1
  }

  /// The bytes of all documents, with what lies between them.
  var bytes: [UInt8]
  /// The documents, in order.
  var documents: [Document]
  /// The names of the archive members that documents come from.
  var members: [String] = []
  /// Bytes on disk that the block stands for: what progress counts. All blocks of an input together
  /// stand for its size; all blocks of a shard for the shard's.
  var inputBytes: Int
  /// Archive members that were passed over since the block before.
  var skippedMembers = 0
}
