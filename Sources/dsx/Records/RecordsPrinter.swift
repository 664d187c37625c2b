internal import DSXCore
internal import Glibc
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
        if buffer.count >= 1 << 18 { try Self.flush(&buffer) }
      }
    }
    try Self.flush(&buffer)
  }

  private static func flush(_ buffer: inout [UInt8]) throws(DSXError) {
    var failure: DSXError?
    buffer.withUnsafeBytes { bytes in
      var done = 0
      while done < bytes.count, let base = bytes.baseAddress {
        let count = write(STDOUT_FILENO, base + done, bytes.count - done)
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else {
          failure = DSXError.system("cannot write to standard output", file: "-")
          return
        }
        done += count
      }
    }
    if let failure { throw failure }
    buffer.removeAll(keepingCapacity: true)
  }
}
