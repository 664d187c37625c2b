internal import Archives
internal import DSXCore
internal import Jobs

/// A text that is being read: its source, the scanner that cuts it, and which of its documents count.
struct OpenText {
  let source: any ByteSource
  let rule: DocumentRule
  let file: Int
  /// Index into the block's members; -1 outside of archives.
  var member: Int
  private(set) var scanner: any BorderScanner
  /// Where the text's first byte lies, or would lie, in the block's bytes.
  private(set) var fileStart: Int
  /// What the source had consumed where counting begins.
  private(set) var countFrom = 0
  /// Only documents whose first byte lies here belong to the shard.
  private let part: Range<Int>
  /// Where reading began; above 0 inside of a document that began before.
  private var entry = 0
  /// nil: by the shard table.
  private let stream: Int?
  private let content: InputFormat.Content
  private let delimiter: UInt8
  private let column: String
  private var form = DocumentBlock.Form.text
  private var needsHeader: Bool
  private var isAtStart = true
  /// Where a byte-order mark ends that is no part of the text; 0 without one.
  private var markEnd = 0
  /// Whether what is read still belongs to a document that began before the shard.
  private(set) var isForeign = false

  /// Begins a text whose bytes follow `position` bytes of the block. `part` is what the shard has of a
  /// text that can be entered; nil takes all.
  init(
    _ text: InputContents.Text, rule: DocumentRule, file: Int, member: Int, part: Range<Int>?,
    stream: Int?, at position: Int, _ settings: DocumentReader.Settings
  ) throws(DSXError) {
    source = text.source
    self.rule = rule
    self.file = file
    self.member = member
    self.stream = stream
    content = text.content
    self.part = part ?? 0..<Int.max
    needsHeader = rule == .csvRow
    delimiter =
      settings.options.delimiter ?? (content == .tsv ? 0x09 : UInt8(ascii: ","))
    column = settings.options.textColumn
    fileStart = position
    switch (rule, content) {
    case (.csvRow, _): scanner = CSVRowScanner(delimiter: delimiter)
    case (.jsonRow, .json):
      scanner = JSONFileScanner()
      form = .jsonRow
    case (.jsonRow, _):
      scanner = JSONLineScanner()
      form = .jsonRow
    default: scanner = DocumentScanner(rule: rule, isExact: settings.isExact)
    }
    scanner.begin(at: position)
    if let part, part.lowerBound > 0 { try enter(at: part.lowerBound, position) }
  }

  /// Goes back from byte `byte` of a plain file to the nearest place whose state is known, and begins
  /// there.
  private mutating func enter(at byte: Int, _ position: Int) throws(DSXError) {
    guard let file = source as? FileSource, var scanner = scanner as? any EnterableScanner else {
      throw DSXError(.internal, "this input cannot be entered in the middle", file: source.name)
    }
    countFrom = byte
    var end = byte
    while end > 0, entry == 0 {
      let start = max(0, end - (16 << 10))
      let bytes = try file.bytes(at: start, count: end - start)
      if let last = bytes.lastIndex(where: { scanner.isKnown(after: $0) }) {
        entry = start + last + 1
      }
      end = start
    }
    fileStart = position - entry
    guard entry > 0 else { return }
    isAtStart = false
    isForeign = true
    file.seek(to: entry)
    scanner.enter(at: position)
    self.scanner = scanner
  }

  /// `count` bytes at the front of the block are gone.
  mutating func rebase(by count: Int) {
    scanner.rebase(by: count)
    fileStart -= count
  }

  /// Reads on and adds what was found to the block; true when nothing of the text is left that belongs
  /// to the shard.
  mutating func advance(_ block: inout DocumentBlock, _ settings: DocumentReader.Settings)
    throws(DSXError) -> Bool
  {
    let start = block.bytes.count
    // JSON and CSV need their first three bytes together: a byte-order mark is no part of them.
    let most = isAtStart && content != .text ? max(settings.readBytes, 512) : settings.readBytes
    let got = try source.read(upTo: most, into: &block.bytes)
    var from = start
    if isAtStart, got > 0 {
      isAtStart = false
      try InputContents.checkText(block.bytes[start...], source.name)
      if content != .text, block.bytes[start...].starts(with: [0xef, 0xbb, 0xbf]) {
        from += 3
        markEnd = 3
        scanner.begin(at: from)
      }
    }
    try collect(&block, from: from, isAtEnd: got == 0, settings)
    if got == 0 {
      guard !needsHeader || isAtStart else { throw noHeader() }
      return true
    }
    let reached = place(scanner.documentStart - fileStart)
    if isForeign {
      // Only the first text of a shard is entered in its middle: the block holds nothing else.
      isForeign = reached < entry
      if isForeign {
        let count = block.bytes.count
        block.bytes.removeAll(keepingCapacity: true)
        rebase(by: count)
      }
    }
    guard reached >= part.upperBound else { return false }
    // The rest belongs to the next shard; nobody reads to the end, where changes would be seen.
    try (source as? FileSource)?.checkUnchanged()
    block.bytes.removeLast(block.bytes.count - max(0, scanner.documentStart))
    return true
  }

  /// The byte that decides whose a document is: what begins behind the byte-order mark is the first byte's,
  /// since whoever enters the text behind that takes the mark for the document's beginning.
  private func place(_ offset: Int) -> Int { offset == markEnd ? 0 : offset }

  private mutating func collect(
    _ block: inout DocumentBlock, from start: Int, isAtEnd: Bool,
    _ settings: DocumentReader.Settings
  ) throws(DSXError) {
    var found: [Range<Int>] = []
    var failure: DSXError?
    var scanner = scanner
    block.bytes.withUnsafeBytes { bytes in
      do throws(DSXError) {
        if isAtEnd {
          try scanner.finish(bytes, at: bytes.count) { found.append($0) }
        } else {
          try scanner.scan(bytes, start..<bytes.count) { found.append($0) }
        }
      } catch { failure = error }
    }
    self.scanner = scanner
    if let failure {
      var error = failure.inFile(source.name)
      error.location.byte = failure.location.byte.map { $0 - fileStart }
      throw error
    }
    if needsHeader, !found.isEmpty { try header(found.removeFirst(), block) }
    for range in found {
      let offset = range.lowerBound - fileStart
      let place = place(offset)
      guard part.contains(place) else { continue }
      block.documents.append(
        DocumentBlock.Document(
          range: range, file: file, offset: offset,
          stream: stream ?? settings.shards?.shard(file: file, offset: place) ?? file,
          form: form, member: member))
    }
  }

  /// Finds the text's column in the header, the first record.
  private mutating func header(_ range: Range<Int>, _ block: DocumentBlock) throws(DSXError) {
    needsHeader = false
    let parser = try CSVRowParser(delimiter: delimiter)
    var failure: DSXError?
    block.bytes.withUnsafeBytes { bytes in
      do throws(DSXError) {
        try parser.parse(UnsafeRawBufferPointer(rebasing: bytes[range]))
      } catch { failure = error }
    }
    if let failure {
      var error = failure.inFile(source.name)
      error.location.line = 1
      throw error
    }
    let names = parser.ends.indices.map { String(decoding: parser.field($0), as: UTF8.self) }
    let places = names.indices.filter { names[$0].utf8.elementsEqual(column.utf8) }
    guard let place = places.first, places.count == 1 else {
      throw DSXError(
        .malformed,
        places.isEmpty
          ? "the header has no column '\(column)'" : "the header has the column '\(column)' twice",
        file: source.name, line: 1,
        hint: "--text-column names one of: " + names.prefix(20).joined(separator: ", "))
    }
    form = .csvRow(column: place, width: names.count, delimiter: delimiter)
  }

  private func noHeader() -> DSXError {
    DSXError(
      .malformed, "the CSV text has no header", file: source.name,
      hint: "its first record names the columns")
  }
}
