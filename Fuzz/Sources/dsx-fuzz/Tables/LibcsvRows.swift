import CCSV

/// The rows that libcsv finds, blank lines left out. Like dsx it keeps blanks around fields.
final class LibcsvRows {
  private(set) var rows: [[[UInt8]]] = []
  private var row: [[UInt8]] = []

  /// nil where libcsv stops at a quote, which it only does when it is strict.
  static func of(_ bytes: [UInt8], delimiter: UInt8, strict: Bool) -> [[[UInt8]]]? {
    var parser = csv_parser()
    let options = strict ? UInt8(CSV_STRICT | CSV_STRICT_FINI) : 0
    guard csv_init(&parser, options) == 0 else { return nil }
    defer { csv_free(&parser) }
    csv_set_delim(&parser, delimiter)
    csv_set_space_func(&parser) { _ in 0 }
    let found = LibcsvRows()
    let context = Unmanaged.passUnretained(found).toOpaque()
    let used = csv_parse(&parser, bytes, bytes.count, onField, onRow, context)
    guard used == bytes.count, csv_fini(&parser, onField, onRow, context) == 0 else { return nil }
    return withExtendedLifetime(found) { found.rows }
  }

  private static let onField:
    @convention(c) (UnsafeMutableRawPointer?, Int, UnsafeMutableRawPointer?) -> Void = {
      text, count, context in
      guard let context else { return }
      let found = Unmanaged<LibcsvRows>.fromOpaque(context).takeUnretainedValue()
      found.row.append(Array(UnsafeRawBufferPointer(start: text, count: count)))
    }

  private static let onRow: @convention(c) (Int32, UnsafeMutableRawPointer?) -> Void = {
    _, context in
    guard let context else { return }
    let found = Unmanaged<LibcsvRows>.fromOpaque(context).takeUnretainedValue()
    found.rows.append(found.row)
    found.row = []
  }
}
