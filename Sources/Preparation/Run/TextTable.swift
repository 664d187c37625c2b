internal import DSXCore

/// How many texts each raw document of a shard gave when it was scanned: one byte a document, in a file.
/// A worker that begins in the middle of a shard learns from it which number its first text has.
final class TextTable: Sendable {
  private let file: MappedFile

  init(path: String) throws(DSXError) { file = try MappedFile(path: path) }

  /// The texts of a range of documents. Throws `corrupt` when there were fewer documents.
  func count(_ documents: Range<Int>) throws(DSXError) -> Int {
    try file.withBytes { (bytes) throws(DSXError) -> Int in
      guard documents.upperBound <= bytes.count else {
        throw DSXError(
          .corrupt, "the shard has more documents than were scanned", file: file.path,
          hint: "an input changed, or the part is damaged: run again with --verify")
      }
      return bytes[documents].reduce(0) { $0 + Int($1) }
    }
  }
}
