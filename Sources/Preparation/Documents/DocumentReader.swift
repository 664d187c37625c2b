internal import DSXCore
internal import Jobs

/// Reads the inputs one after the other and cuts them into blocks of whole documents.
///
/// Holds one block and the document under way: memory does not grow with the inputs. A block may hold
/// documents of several small files.
struct DocumentReader {
  /// What the reader needs to know.
  struct Settings: Sendable {
    var rule: DocumentRule
    /// nil: every file is a token stream of its own; else every shard of this table is one.
    var shards: ByteShards?
    /// Whether a file belongs as a whole to the shard of its first byte.
    var keepsFilesWhole = false
    /// A block ends with the document that reaches this size.
    var blockBytes: Int
    /// A longer document is refused. A rule that holds whole files has no limit.
    var maximumDocumentBytes: Int
    /// How much is read at once.
    var readBytes: Int
  }

  private let inputs: [InputFile]
  private let settings: Settings
  private let shard: Int?
  private var stream: InputStream?
  private var file = -1
  /// Where the first byte of the current file lies, or would lie, in `buffer`.
  private var fileStart = 0
  private var buffer: [UInt8] = []
  private var documents: [DocumentBlock.Document] = []
  private var scanner: DocumentScanner
  /// The digests of the files that were read to their ends, in order.
  private(set) var digests: [String] = []

  /// A reader of all documents, or of those alone that begin in shard `shard` of the table.
  init(_ inputs: [InputFile], _ settings: Settings, shard: Int? = nil) {
    self.inputs = inputs
    self.settings = settings
    self.shard = shard
    scanner = DocumentScanner(rule: settings.rule)
  }

  /// The next block, or nil after the last. Throws `io` for a file that cannot be read or changes
  /// meanwhile, `unsupported` for a document over the limit.
  mutating func next() throws(DSXError) -> DocumentBlock? {
    while true {
      guard let open = try currentStream() else {
        return buffer.isEmpty ? nil : cut(at: buffer.count)
      }
      let (start, known) = (buffer.count, documents.count)
      let got = try open.read(upTo: settings.readBytes, into: &buffer)
      collect { (scanner, bytes, emit) in
        if got > 0 {
          scanner.scan(bytes, start..<bytes.count, emit)
        } else {
          scanner.finish(at: bytes.count, emit)
        }
      }
      for document in documents[known...] {
        try checkLength(document.range.count, at: document.offset)
      }
      if got == 0 {
        digests.append(open.sha256)
        stream = nil
        if buffer.count >= settings.blockBytes { return cut(at: buffer.count) }
        continue
      }
      if scanner.documentStart >= settings.blockBytes { return cut(at: scanner.documentStart) }
      try checkLength(
        buffer.count - scanner.documentStart, at: scanner.documentStart - fileStart)
    }
  }

  /// Refuses a document of `length` bytes at byte `offset` of the file being read.
  private func checkLength(_ length: Int, at offset: Int) throws(DSXError) {
    guard settings.rule != .file, length > settings.maximumDocumentBytes else { return }
    throw DSXError(
      .unsupported, "a document is longer than \(settings.maximumDocumentBytes) bytes",
      file: inputs[file].path, line: LineNumber.of(byte: offset, in: inputs[file].path),
      byte: offset, hint: "raise --max-document-bytes, or put blank lines between documents")
  }

  /// The file being read, opening the next one where there is one; nil after the last.
  private mutating func currentStream() throws(DSXError) -> InputStream? {
    if let stream { return stream }
    repeat { file += 1 } while file < inputs.count && !isWanted(file)
    guard file < inputs.count else { return nil }
    fileStart = buffer.count
    scanner.begin(at: buffer.count)
    let opened = try InputStream(inputs[file])
    stream = opened
    return opened
  }

  /// Whether a file can hold documents of the shard.
  private func isWanted(_ file: Int) -> Bool {
    guard let shard, let shards = settings.shards else { return true }
    if settings.keepsFilesWhole { return shards.shard(file: file, offset: 0) == shard }
    let size = inputs[file].size
    return size > 0 && shards.shard(file: file, offset: 0) <= shard
      && shard <= shards.shard(file: file, offset: size - 1)
  }

  private mutating func collect(
    _ body: (inout DocumentScanner, UnsafeRawBufferPointer, (Range<Int>) -> Void) -> Void
  ) {
    var found: [DocumentBlock.Document] = []
    let (file, fileStart, shards) = (file, fileStart, settings.shards)
    let (wanted, whole) = (shard, settings.keepsFilesWhole)
    buffer.withUnsafeBytes { bytes in
      body(&scanner, bytes) { range in
        let offset = range.lowerBound - fileStart
        if let wanted, !whole, shards?.shard(file: file, offset: offset) != wanted { return }
        found.append(
          DocumentBlock.Document(
            range: range, file: file, offset: offset,
            stream: shards?.shard(file: file, offset: offset) ?? file))
      }
    }
    documents.append(contentsOf: found)
  }

  /// Ends the block at `position`; what follows begins the next one.
  private mutating func cut(at position: Int) -> DocumentBlock {
    let rest = Array(buffer[position...])
    buffer.removeLast(buffer.count - position)
    defer {
      buffer = rest
      documents = []
      scanner.rebase(by: position)
      fileStart -= position
    }
    return DocumentBlock(bytes: buffer, documents: documents)
  }
}
