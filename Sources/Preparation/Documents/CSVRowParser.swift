internal import CCSV
internal import DSXCore

/// Reads the fields of one CSV record by libcsv, strict (RFC 4180).
///
/// libcsv trims blanks around unquoted fields unless it is told that no byte is a blank.
final class CSVRowParser {
  private let parser: UnsafeMutablePointer<csv_parser>
  /// The unquoted bytes of all fields, and where each ends.
  private(set) var bytes: [UInt8] = []
  private(set) var ends: [Int] = []
  private var records = 0

  init(delimiter: UInt8) throws(DSXError) {
    parser = .allocate(capacity: 1)
    parser.initialize(to: csv_parser())
    guard csv_init(parser, UInt8(CSV_STRICT | CSV_STRICT_FINI)) == 0 else {
      parser.deallocate()
      throw DSXError(.internal, "libcsv did not start")
    }
    csv_set_delim(parser, delimiter)
    csv_set_space_func(parser) { _ in 0 }
  }

  deinit {
    csv_free(parser)
    parser.deallocate()
  }

  /// The bytes of a field.
  func field(_ index: Int) -> ArraySlice<UInt8> {
    bytes[(index == 0 ? 0 : ends[index - 1])..<ends[index]]
  }

  /// Reads a record without its line end. Throws `malformed` for what is none, with the byte in it.
  func parse(_ record: UnsafeRawBufferPointer) throws(DSXError) {
    bytes.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
    records = 0
    let context = Unmanaged.passUnretained(self).toOpaque()
    let used = csv_parse(
      parser, record.baseAddress, record.count, Self.onField, Self.onRecord, context)
    let isGood = used == record.count
    // Also after an error: it makes the parser ready for the next record.
    let isClosed = csv_fini(parser, Self.onField, Self.onRecord, context) == 0
    guard isGood, isClosed, records == 1 else {
      restart()
      throw DSXError(
        .malformed,
        isGood ? "a quoted field is not closed" : "a quote stands where RFC 4180 allows none",
        byte: isGood ? 0 : max(0, used - 1),
        hint: "a field with quotes, delimiters or line breaks is written \"like \"\"this\"\"\"")
    }
  }

  /// After an error libcsv keeps its state: take a fresh one.
  private func restart() {
    let delimiter = csv_get_delim(parser)
    csv_free(parser)
    parser.initialize(to: csv_parser())
    csv_init(parser, UInt8(CSV_STRICT | CSV_STRICT_FINI))
    csv_set_delim(parser, delimiter)
    csv_set_space_func(parser) { _ in 0 }
  }

  private static let onField:
    @convention(c) (UnsafeMutableRawPointer?, Int, UnsafeMutableRawPointer?) -> Void = {
      text, count, context in
      guard let context else { return }
      let own = Unmanaged<CSVRowParser>.fromOpaque(context).takeUnretainedValue()
      own.bytes.append(contentsOf: UnsafeRawBufferPointer(start: text, count: count))
      own.ends.append(own.bytes.count)
    }

  private static let onRecord: @convention(c) (Int32, UnsafeMutableRawPointer?) -> Void = {
    _, context in
    guard let context else { return }
    Unmanaged<CSVRowParser>.fromOpaque(context).takeUnretainedValue().records += 1
  }
}
