import Archives
import DSXCore
@testable import Datasets

private let delimiters: [UInt8] = [0x2c, 0x3b, 0x09, 0x20]

/// CSV against libcsv: the same rows, and the same decision about quotes.
///
/// | bits of the first byte | |
/// |---|---|
/// | 0 | lenient instead of strict |
/// | 1, 2 | delimiter: comma, semicolon, tab, blank |
/// | 3 to 7 | the stream gives this many bytes at a time, and one more |
func fuzzCSV(_ input: UnsafeRawBufferPointer) {
  let isLenient = input[0] & 1 != 0
  let delimiter = delimiters[Int(input[0] >> 1 & 3)]
  let step = Int(input[0] >> 3) + 1
  let bytes = Array(input.rest)
  let text = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? Array(bytes.dropFirst(3)) : bytes
  let expected = LibcsvRows.of(text, delimiter: delimiter, strict: !isLenient)
  var options = TableOptions()
  options.format = .csv
  options.header = .none
  options.encoding = .utf8
  options.isLenient = isLenient
  options.delimiter = delimiter
  options.batchRows = 2
  let ours = rows(bytes, options, step)
  let isUTF8 = UTF8Validation.firstInvalid(input.rest) == nil
  guard isUTF8, let expected, Set(expected.map(\.count)).count < 2 else {
    // Widths and UTF-8 are no concern of libcsv's.
    require(ours == nil, "rows where an error was due")
    return
  }
  require(ours == expected, "rows that are not those of libcsv")
}

private func rows(_ bytes: [UInt8], _ options: TableOptions, _ step: Int) -> [[[UInt8]]]? {
  let open: @Sendable () throws(DSXError) -> any ByteSource = {
    InputSource("a.csv", bytes, step: step)
  }
  var options = options
  do throws(DSXError) {
    let names = try TableReader(name: "a.csv", options: options, schema: Schema([]), open: open)
      .header
    options.features = names.map { Field($0, .string) }
    var cursor = try TableReader(name: "a.csv", options: options, open: open).cursor()
    var rows: [[[UInt8]]] = []
    while let batch = try cursor.next() {
      for row in 0..<batch.rows {
        rows.append(
          batch.columns.map { column in
            guard case .bytes(let bytes) = column.elements, let offsets = column.offsets else {
              return []
            }
            return Array(bytes[offsets[row]..<offsets[row + 1]])
          })
      }
    }
    return rows
  } catch { return nil }
}

private let file = ScratchFile("a.csv")

/// CSV with inferred types: one reading that infers while it converts, one that infers first and streams a
/// mapping, one that streams pieces give the same types, rows and errors, in short chunks (16 bytes and more, by the
/// text's length; some on two threads) as in long ones; a position is gone on from.
///
/// | bits of the first byte | |
/// |---|---|
/// | 0 | bad rows are left out |
/// | 1 | no header |
/// | 2 | `NA` is a missing value |
/// | 3 | quotes are text |
/// | 4 | lenient |
/// | 5 to 7 | bytes at a time of the stream, less one |
func fuzzCSVTypes(_ input: UnsafeRawBufferPointer) {
  let bits = input[0]
  var options = TableOptions()
  options.format = .csv
  options.encoding = .utf8
  options.onBadRow = bits & 1 != 0 ? .skip : .refuse
  if bits & 2 != 0 { options.header = .none }
  if bits & 4 != 0 { options.nullTexts = ["NA"] }
  if bits & 8 != 0 { options.quote = nil }
  options.isLenient = bits & 16 != 0
  options.batchRows = 2
  let bytes = Array(input.rest)
  file.fill(input.rest)
  let path = file.path
  let mapped = TableRows.streamed { () throws(DSXError) in
    try TableReader(path: path, options: options)
  }
  var short = options
  short.chunkBytes = 16 + bytes.count % 48
  // Threads are slow to start.
  if bytes.count % 16 == 5 { short.threads = 2 }
  let chunked = TableRows.streamed { () throws(DSXError) in
    try TableReader(path: path, options: short)
  }
  require(chunked == mapped, "short and long chunks differ")
  let step = Int(bits >> 5) + 1
  let dripped = TableRows.streamed { () throws(DSXError) in
    try TableReader(
      name: path, options: options, open: { InputSource(path, bytes, step: step) })
  }
  require(dripped == mapped, "a stream and a mapping differ")
  var loaded = TableRows()
  do throws(DSXError) {
    let table = try TableReader.load(path: path, options: short)
    loaded.schema = table.schema
    for batch in table.batches { loaded.add(batch) }
    loaded.add(table.badRows)
  } catch { loaded.fail(error) }
  guard mapped.failure == nil, loaded.failure == nil else {
    require(loaded.failure == mapped.failure, "loading and streaming end differently")
    return
  }
  require(loaded == mapped, "loading and streaming differ")
  goOn(path, options, mapped)
}

/// After the first batch a fresh cursor goes on where the old one is.
private func goOn(_ path: String, _ options: TableOptions, _ whole: TableRows) {
  guard let reader = try? TableReader(path: path, options: options, schema: whole.schema),
    var cursor = try? reader.cursor(), let first = try? cursor.next(),
    var fresh = try? reader.cursor()
  else { return }
  do throws(DSXError) { try fresh.restore(cursor.state) } catch {
    require(false, "a cursor's own position is refused")
  }
  var rest = TableRows()
  rest.add(first)
  while let batch = try? fresh.next() { rest.add(batch) }
  require(rest.rows == whole.rows, "a restored cursor gives other rows")
}
