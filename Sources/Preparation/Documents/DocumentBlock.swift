/// Some documents on their way from the reader to a worker: raw bytes as they are in the files.
struct DocumentBlock: Sendable {
  /// One document.
  struct Document: Sendable {
    /// Its bytes, as a range of the block's.
    var range: Range<Int>
    /// The number of its input file.
    var file: Int
    /// The byte of that file at which it begins.
    var offset: Int
    /// The token stream that it belongs to: packing carries tokens over inside of one.
    var stream: Int
  }

  /// The bytes of all documents, with what lies between them.
  var bytes: [UInt8]
  /// The documents, in order.
  var documents: [Document]
}
