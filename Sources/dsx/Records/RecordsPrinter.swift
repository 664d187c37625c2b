internal import DSXCore
internal import Records

/// Prints rows as JSON lines, a large buffer at a time.
struct RecordsPrinter {
  private let reader: RecordReader
  private let decode: RecordsDecoding.Decoder?

  init(_ reader: RecordReader, decode: RecordsDecoding.Decoder? = nil) {
    self.reader = reader
    self.decode = decode
  }

  func print(rows: Range<Int>) throws(DSXError) {
    var cursor = reader.cursor(batchRows: 256, rows: rows)
    let lines = RowLines(cursor.schema, decode: decode)
    var buffer: [UInt8] = []
    while let batch = try cursor.next() {
      for row in 0..<batch.rows {
        try lines.append(batch, row: row, into: &buffer)
        Output.drainIfLarge(&buffer)
      }
    }
    Output.write(buffer)
  }
}
