internal import DSXCore
internal import Records

/// Prints rows as JSON lines, a large buffer at a time: what `head`, `export`, `cat`, `sample` and `query`
/// share.
struct RecordsPrinter {
  private let reader: RecordReader
  private let fields: [String]?
  private let lines: RowLines
  private var buffer: [UInt8] = []

  /// A printer of some fields (nil: all); `decode` turns token ids into text.
  init(
    _ reader: RecordReader, fields: [String]? = nil, decode: RecordsDecoding.Decoder? = nil
  ) throws(DSXError) {
    self.reader = reader
    self.fields = fields
    // An empty batch has the fields in order, or says which one is not there.
    lines = RowLines(try reader.batch(rows: [], fields: fields).schema, decode: decode)
  }

  /// Prints selected rows, at most `limit`.
  mutating func print(_ selection: RowSelection, limit: Int? = nil) throws(DSXError) {
    var left = limit ?? .max
    guard left > 0 else { return }
    let size = min(256, reader.suggestedBatchRows)
    try selection.forEachBlock(of: reader, size: size) { (rows) throws(DSXError) in
      let part = rows.count <= left ? rows : Array(rows.prefix(left))
      try print(reader.batch(rows: part, fields: fields))
      left -= part.count
      return left > 0
    }
    finish()
  }

  /// Prints the rows of a batch of these fields.
  mutating func print(_ batch: Batch) throws(DSXError) {
    for row in 0..<batch.rows {
      try lines.append(batch, row: row, into: &buffer)
      Output.drainIfLarge(&buffer)
    }
  }

  /// Hands on what is left.
  mutating func finish() {
    Output.write(buffer)
    buffer.removeAll()
  }
}
