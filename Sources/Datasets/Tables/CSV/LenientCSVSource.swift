internal import Archives
internal import CCSV
internal import DSXCore

/// CSV as libcsv understands it without strictness, written anew as strict CSV.
///
/// A stray quote is text, and a quote that is not closed ends with the file. Each line of the result stands
/// where its row began: lines that a row did not end with become blank ones, so that line numbers in
/// messages stay right.
final class LenientCSVSource: ByteSource {
  private let source: any ByteSource
  private let dialect: CSVDialect
  private let parser: UnsafeMutablePointer<csv_parser>
  private var input: [UInt8] = []
  private var output: [UInt8] = []
  private var given = 0
  private var isAtEnd = false
  private var isAtStart = true
  private var fields = 0
  /// Line ends that were read and not written yet.
  private var lines = 0
  private var previous: UInt8 = 0

  init(_ source: any ByteSource, _ dialect: CSVDialect) throws(DSXError) {
    self.source = source
    self.dialect = dialect
    parser = .allocate(capacity: 1)
    parser.initialize(to: csv_parser())
    guard csv_init(parser, 0) == 0 else {
      parser.deallocate()
      throw DSXError(.internal, "libcsv did not start")
    }
    csv_set_delim(parser, dialect.delimiter)
    if let quote = dialect.quote { csv_set_quote(parser, quote) }
    // Else it trims blanks and tabs.
    csv_set_space_func(parser) { _ in 0 }
  }

  deinit {
    csv_free(parser)
    parser.deallocate()
  }

  var name: String { source.name }
  var consumed: Int { source.consumed }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(DSXError) -> Int {
    while given == output.count {
      guard !isAtEnd else { return 0 }
      try parseMore()
    }
    let count = min(buffer.count, output.count - given)
    output.withUnsafeBytes { bytes in
      buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[given..<(given + count)]))
    }
    given += count
    return count
  }

  private func parseMore() throws(DSXError) {
    output.removeAll(keepingCapacity: true)
    given = 0
    input.removeAll(keepingCapacity: true)
    if try source.read(upTo: 1 << 16, into: &input) == 0 {
      isAtEnd = true
      let context = Unmanaged.passUnretained(self).toOpaque()
      guard csv_fini(parser, Self.onField, Self.onRow, context) == 0 else { throw failure() }
      return
    }
    if isAtStart {
      while input.count < 3, try source.read(upTo: 3 - input.count, into: &input) > 0 {}
      if input.starts(with: [0xef, 0xbb, 0xbf]) { input.removeFirst(3) }
      isAtStart = false
    }
    var start = 0
    while start < input.count {
      var end = start
      while end < input.count, input[end] != 0x0a, input[end] != 0x0d { end += 1 }
      if end < input.count { end += 1 }
      try parse(start..<end)
      start = end
    }
  }

  /// Parses a line, or a part of one.
  private func parse(_ range: Range<Int>) throws(DSXError) {
    let context = Unmanaged.passUnretained(self).toOpaque()
    let last = input[range.upperBound - 1]
    let used = input.withUnsafeBytes { bytes in
      csv_parse(
        parser, bytes.baseAddress.map { $0 + range.lowerBound }, range.count, Self.onField,
        Self.onRow, context)
    }
    guard used == range.count else { throw failure() }
    // An LF behind a CR belongs to its line end.
    let isPair = range.count == 1 && last == 0x0a && previous == 0x0d
    if last == 0x0d || (last == 0x0a && !isPair) { lines += 1 }
    previous = last
    if csv_get_buffer_size(parser) > 256 << 20 { throw tooLong() }
    if fields == 0 { catchUp() }
  }

  /// Writes the line ends that are behind, where no row is open.
  private func catchUp() {
    guard parser.pointee.quoted == 0, parser.pointee.entry_pos == 0 else { return }
    if lines > 0 { output.append(contentsOf: repeatElement(0x0a, count: lines)) }
    lines = 0
  }

  private func failure() -> DSXError {
    DSXError(
      .internal, "libcsv stopped", file: name,
      underlying: String(cString: csv_strerror(csv_error(parser))))
  }

  private func tooLong() -> DSXError {
    DSXError(.malformed, "a quote is not closed within 256 MiB", file: name)
  }

  private func field(_ text: UnsafeRawBufferPointer) {
    if fields > 0 { output.append(dialect.delimiter) }
    fields += 1
    guard let quote = dialect.quote else {
      output.append(contentsOf: text)
      return
    }
    let isPlain = !text.contains {
      $0 == quote || $0 == dialect.delimiter || $0 == 0x0a || $0 == 0x0d
    }
    // An only field that is empty would be a blank line; the mark of UTF-8 at the start would be taken for one.
    if isPlain, !text.isEmpty, !text.starts(with: [0xef, 0xbb, 0xbf]) {
      output.append(contentsOf: text)
      return
    }
    output.append(quote)
    for byte in text {
      if byte == quote { output.append(quote) }
      // Line ends within a field are written here.
      output.append(byte)
    }
    output.append(quote)
    lines -= TextWindow.lineEnds(text, next: nil)
  }

  private func endRow() {
    output.append(0x0a)
    fields = 0
    lines -= 1
  }

  private static let onField:
    @convention(c) (UnsafeMutableRawPointer?, Int, UnsafeMutableRawPointer?) -> Void = {
      text, count, context in
      guard let context else { return }
      let source = Unmanaged<LenientCSVSource>.fromOpaque(context).takeUnretainedValue()
      source.field(UnsafeRawBufferPointer(start: text, count: count))
    }

  private static let onRow: @convention(c) (Int32, UnsafeMutableRawPointer?) -> Void = {
    _, context in
    guard let context else { return }
    Unmanaged<LenientCSVSource>.fromOpaque(context).takeUnretainedValue().endRow()
  }
}
