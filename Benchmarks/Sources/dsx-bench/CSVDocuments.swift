import Archives
import DSXCore
import Datasets

/// `csv-documents --input FILE`: reads many small CSV texts, for the interop check that compares them with other readers.
///
/// FILE holds one JSON string a line. For each one JSON line: `{"rows": [[...]]}`, all cells as text and without a
/// header, or `{"error": MESSAGE, "line": N}`.
enum CSVDocuments {
  static func run(_ arguments: Arguments) throws {
    let file = try MappedFile(path: arguments.text("input"))
    defer { withExtendedLifetime(file) {} }
    var output = ""
    for line in file.bytes.split(separator: 0x0a) {
      let text = try JSONParser.parse(UnsafeRawBufferPointer(rebasing: line)).string ?? ""
      output += result(Array(text.utf8)).text() + "\n"
      if output.utf8.count > 1 << 20 {
        print(output, terminator: "")
        output = ""
      }
    }
    print(output, terminator: "")
  }

  private static func result(_ bytes: [UInt8]) -> JSONValue {
    do throws(DSXError) {
      return .object([.init("rows", .array(try rows(bytes)))])
    } catch {
      return .object([
        .init("error", .string(error.message)), .init("line", .int(Int64(error.location.line ?? 0))),
      ])
    }
  }

  private static func rows(_ bytes: [UInt8]) throws(DSXError) -> [JSONValue] {
    var options = TableOptions()
    options.header = .none
    // The number of columns is known from the first row alone.
    let open: @Sendable () throws(DSXError) -> any ByteSource = { MemorySource(bytes) }
    let empty = Schema([])
    let names = try TableReader(name: "a.csv", options: options, schema: empty, open: open)
      .header
    options.features = names.map { Field($0, .string) }
    var cursor = try TableReader(name: "a.csv", options: options, open: open).cursor()
    var rows: [JSONValue] = []
    while let batch = try cursor.next() {
      for row in 0..<batch.rows {
        rows.append(.array(batch.columns.map { .string($0.string(row) ?? "") }))
      }
    }
    return rows
  }
}

/// Bytes in memory as a stream.
final class MemorySource: ByteSource {
  let name = "a.csv"
  private let bytes: [UInt8]
  private(set) var consumed = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(DSXError) -> Int {
    let count = min(buffer.count, bytes.count - consumed)
    for index in 0..<count { buffer[index] = bytes[consumed + index] }
    consumed += count
    return count
  }
}
