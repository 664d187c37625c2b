internal import CCSV
internal import DSXCore
internal import Glibc

/// One record of a CSV file: its fields as unquoted bytes.
struct CSVRecord {
  var bytes: [UInt8] = []
  /// Ends of the fields in `bytes`.
  var ends: [Int] = []
  /// The physical line that the record starts in, from 1.
  var line = 0

  var count: Int { ends.count }

  /// Calls `body` with the bytes of one field.
  func withField<Result, Failure: Error>(
    _ index: Int, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let start = index == 0 ? 0 : ends[index - 1]
    return try bytes.span.withUnsafeBytes { (all) throws(Failure) -> Result in
      try body(UnsafeRawBufferPointer(rebasing: all[start..<ends[index]]))
    }
  }

  func text(_ index: Int) -> String {
    let start = index == 0 ? 0 : ends[index - 1]
    return String(decoding: bytes[start..<ends[index]], as: UTF8.self)
  }
}

/// Records of a CSV file by libcsv, strict (RFC 4180), one physical line fed at a time so that every
/// error has its line.
///
/// libcsv trims blanks around unquoted fields unless it is told that no byte is a blank, keeps a BOM,
/// and checks neither UTF-8 nor row widths: the first is switched off, the others are done here and
/// in `CSVCursor`.
final class CSVReader {
  /// An unclosed quote swallows the rest of the file: a record above this is refused.
  static let maximumRecord = 16 << 20

  let file: MappedFile
  private let parser: UnsafeMutablePointer<csv_parser>
  private var scanner: LineScanner
  private var finished = false
  // Filled by libcsv's callbacks during one call of csv_parse.
  private var record = CSVRecord()
  private var isComplete = false

  init(path: String, delimiter: UInt8) throws(DSXError) {
    file = try MappedFile(path: path, required: true)
    file.adviseSequential()
    scanner = LineScanner(file.bytes, splitsAtCR: true)
    parser = .allocate(capacity: 1)
    parser.initialize(to: csv_parser())
    let options = UInt8(CSV_STRICT | CSV_STRICT_FINI)
    guard csv_init(parser, options) == 0 else {
      throw DSXError(.internal, "libcsv did not start")
    }
    csv_set_delim(parser, delimiter)
    csv_set_space_func(parser) { _ in 0 }
  }

  deinit {
    csv_free(parser)
    parser.deallocate()
  }

  /// Byte offset of the next record.
  var position: Int { scanner.position }

  /// Goes to the byte offset of a record.
  func restore(to byte: Int) throws(DSXError) {
    do { try scanner.restore(to: byte) } catch { throw error.inFile(file.path) }
    finished = false
  }

  /// Reads the next record; false at the end. Blank lines are no records.
  func next(_ result: inout CSVRecord) throws(DSXError) -> Bool {
    record.bytes.removeAll(keepingCapacity: true)
    record.ends.removeAll(keepingCapacity: true)
    record.line = scanner.line + 1
    isComplete = false
    let context = Unmanaged.passUnretained(self).toOpaque()
    while !isComplete {
      let start = scanner.position
      guard let line = scanner.next() else {
        guard !finished else { return false }
        finished = true
        guard csv_fini(parser, Self.onField, Self.onRecord, context) == 0 else {
          throw fault(record.line, "a quoted field is not closed", byte: start)
        }
        guard isComplete else { return false }
        break
      }
      if let bad = UTF8Validation.firstInvalid(line) {
        throw DSXError(
          .malformed, "the text is not valid UTF-8", file: file.path, line: scanner.line,
          byte: start + bad, hint: "convert the file to UTF-8 first, e.g. with iconv")
      }
      let used = csv_parse(
        parser, line.baseAddress, line.count, Self.onField, Self.onRecord, context)
      guard used == line.count else {
        throw fault(
          scanner.line, "a quote stands where RFC 4180 allows none", byte: start + max(0, used - 1))
      }
      guard csv_get_buffer_size(parser) <= Self.maximumRecord,
        record.bytes.count <= Self.maximumRecord
      else {
        throw fault(
          record.line, "a record is longer than \(Self.maximumRecord >> 20) MiB", byte: start)
      }
      if !isComplete && record.ends.isEmpty && isBlank(line) { record.line = scanner.line + 1 }
    }
    swap(&record, &result)
    return true
  }

  private func isBlank(_ line: UnsafeRawBufferPointer) -> Bool {
    parser.pointee.quoted == 0 && line.allSatisfy { $0 == 0x0a || $0 == 0x0d }
  }

  private func fault(_ line: Int, _ message: String, byte: Int) -> DSXError {
    DSXError(
      .malformed, message, file: file.path, line: line, byte: byte,
      hint: "a field with quotes, delimiters or line breaks is written \"like \"\"this\"\"\"")
  }

  private static let onField:
    @convention(c) (UnsafeMutableRawPointer?, Int, UnsafeMutableRawPointer?) -> Void = {
      text, count, context in
      guard let context else { return }
      let reader = Unmanaged<CSVReader>.fromOpaque(context).takeUnretainedValue()
      reader.record.bytes.append(contentsOf: UnsafeRawBufferPointer(start: text, count: count))
      reader.record.ends.append(reader.record.bytes.count)
    }

  private static let onRecord: @convention(c) (Int32, UnsafeMutableRawPointer?) -> Void = {
    _, context in
    guard let context else { return }
    Unmanaged<CSVReader>.fromOpaque(context).takeUnretainedValue().isComplete = true
  }
}
