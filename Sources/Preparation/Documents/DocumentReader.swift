internal import Archives
internal import DSXCore
internal import Jobs

/// Reads the inputs one after the other, or one shard of them, and cuts them into blocks of whole
/// documents.
///
/// A document belongs to the shard that its first byte lies in; the documents of all shards, one after
/// the other, are those of a reader without a shard. Plain text and JSON lines are entered in the
/// middle; what cannot be (compressed files, archives, CSV, `.json`, whole-file documents) belongs to
/// the shard of its first byte as a whole. Holds one block and the document under way: memory does not
/// grow with the inputs. A block may hold documents of several small files; one file is open at a time.
struct DocumentReader {
  /// What the reader needs to know.
  struct Settings: Sendable {
    /// nil: as `options` and the content say.
    var rule: DocumentRule?
    /// nil: every file is a token stream of its own; else every shard of this table is one.
    var shards: ByteShards?
    /// Whether every file belongs as a whole to the shard of its first byte.
    var keepsFilesWhole = false
    /// A block ends with the document that reaches this size.
    var blockBytes: Int
    /// A longer document is refused.
    var maximumDocumentBytes: Int
    /// How much is read at once.
    var readBytes: Int
    /// How inputs become documents.
    var options = DocumentOptions()
    /// `double-line-feed` as `split("\n\n")` does it.
    var isExact = false
    /// Whole files may be longer than the limit.
    var wholeFilesAreUnlimited = false
  }

  private let inputs: [InputFile]
  private let settings: Settings
  private let shard: Int?
  private var file = -1
  private var contents: InputContents?
  private var open: OpenText?
  private var isFinished = false
  private var block = DocumentBlock(bytes: [], documents: [], inputBytes: 0)
  /// Bytes of the current file that stand in some block's `inputBytes`, and that are to.
  private var counted = 0
  private var due = 0
  private var skipped = 0

  /// A reader over all inputs, or over shard `shard` of the table in the settings.
  init(_ inputs: [InputFile], _ settings: Settings, shard: Int? = nil) {
    self.inputs = inputs
    self.settings = settings
    self.shard = shard
  }

  /// The next block, or nil after the last. Throws `io` for a file that cannot be read or changed since
  /// it was planned, `unsupported` for a document over the limit, `usage` for a rule that does not fit
  /// the content, and what archives and compressed files throw.
  mutating func next() throws(DSXError) -> DocumentBlock? {
    while !isFinished {
      if open == nil, try !openNext() {
        isFinished = true
        guard !block.bytes.isEmpty || block.inputBytes > 0 || block.skippedMembers > 0 else {
          break
        }
        return cut(at: block.bytes.count)
      }
      guard var text = open else { break }
      open = nil
      let first = block.documents.count
      let isAtEnd = try text.advance(&block, settings)
      count(contents?.consumed ?? 0, base: text.countFrom)
      for document in block.documents[first...] {
        try checkLength(document.range.count, of: text, at: document.offset)
      }
      if isAtEnd {
        if block.bytes.count >= settings.blockBytes { return cut(at: block.bytes.count) }
        continue
      }
      open = text
      let start = text.scanner.documentStart
      if start >= settings.blockBytes { return cut(at: start) }
      if !text.isForeign {
        try checkLength(block.bytes.count - start, of: text, at: start - text.fileStart)
      }
    }
    return nil
  }

  /// Refuses a document of `length` bytes at byte `offset` of the text being read.
  private func checkLength(_ length: Int, of text: OpenText, at offset: Int) throws(DSXError) {
    guard length > settings.maximumDocumentBytes else { return }
    if text.rule == .file, settings.wholeFilesAreUnlimited { return }
    let member = text.member >= 0 ? block.members[text.member] : nil
    var error = DSXError(
      .unsupported, "a document is longer than \(settings.maximumDocumentBytes) bytes",
      hint: text.rule == .file
        ? "raise --max-document-bytes, or choose another --documents rule"
        : "raise --max-document-bytes, or put blank lines between documents")
    error.location = TextLocation.of(
      inputs[file], member, byte: offset, settings.options)
    throw error
  }

  /// Opens the next text of the current file, or of the next file that the shard has a part of; false
  /// after the last.
  private mutating func openNext() throws(DSXError) -> Bool {
    while true {
      if let text = try contents?.next() {
        count(contents?.consumed ?? 0, base: 0)
        takeSkipped()
        open = try opened(text)
        return true
      }
      if contents != nil {
        takeSkipped()
        count(Int.max, base: 0)
        contents = nil
      }
      file += 1
      guard file < inputs.count else { return false }
      guard let part = part(of: file) else { continue }
      let input = inputs[file]
      let format = settings.options.format(of: input.path).format
      (counted, due, skipped) = (0, part.count, 0)
      // A plain file without a byte is no document; a compressed one is damaged.
      if input.size == 0, format.container == .plain { continue }
      contents = try InputContents(input, format, settings.options.limits)
    }
  }

  /// The bytes of a file that belong to the shard; nil when none do.
  private func part(of file: Int) -> Range<Int>? {
    let size = inputs[file].size
    guard let shard, let shards = settings.shards else { return 0..<size }
    let (start, end) = (shards.starts[file], shards.starts[file + 1])
    guard isDivisible(file) else {
      return streamOfFirstByte(file, shards) == shard ? 0..<size : nil
    }
    // Where the shard begins and ends on the line of all inputs; its end may be past the last byte.
    let (low, _) = shard.multipliedReportingOverflow(by: shards.size)
    let (high, isPast) = low.addingReportingOverflow(shards.size)
    let from = max(start, low)
    let to = isPast ? end : min(end, high)
    return from < to ? from - start..<to - start : nil
  }

  private func isDivisible(_ file: Int) -> Bool {
    let (format, rule) = settings.options.format(of: inputs[file].path)
    return !settings.keepsFilesWhole && format.isDivisible(settings.rule ?? rule ?? .file)
  }

  private func streamOfFirstByte(_ file: Int, _ shards: ByteShards) -> Int {
    // Files without a byte at the very end begin where no shard is any more.
    min(shards.shard(file: file, offset: 0), shards.count - 1)
  }

  private mutating func opened(_ text: InputContents.Text) throws(DSXError) -> OpenText {
    let rule = settings.rule ?? settings.options.rule ?? text.content.rule
    guard rule.fits(text.content) else {
      throw DocumentOptions.misfit(rule, text.content, text.source.name)
    }
    var member = -1
    if let name = text.member {
      member = block.members.count
      block.members.append(name)
    }
    let whole = part(of: file) ?? 0..<inputs[file].size
    let isDivisible = isDivisible(file)
    let stream = settings.shards.map { streamOfFirstByte(file, $0) } ?? file
    return try OpenText(
      text, rule: rule, file: file, member: member, part: isDivisible ? whole : nil,
      stream: isDivisible && settings.shards != nil ? nil : stream, at: block.bytes.count,
      settings)
  }

  /// Takes bytes of the current file into the block's account, up to `position - base`.
  private mutating func count(_ position: Int, base: Int) {
    let reached = min(max(position == Int.max ? due : position - base, counted), due)
    block.inputBytes += reached - counted
    counted = reached
  }

  private mutating func takeSkipped() {
    let all = contents?.skippedMembers ?? 0
    block.skippedMembers += all - skipped
    skipped = all
  }

  /// Ends the block at `position`; what follows begins the next one.
  private mutating func cut(at position: Int) -> DocumentBlock {
    var result = block
    block = DocumentBlock(bytes: Array(block.bytes[position...]), documents: [], inputBytes: 0)
    result.bytes.removeLast(result.bytes.count - position)
    if var text = open {
      if text.member >= 0 {
        block.members = [result.members[text.member]]
        text.member = 0
      }
      text.rebase(by: position)
      open = text
    }
    return result
  }
}
