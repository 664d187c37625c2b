public import DSXCore

/// Streams a record set batch by batch; its position can be saved (`state.row` is the next row).
public struct RecordCursor: Cursor {
  private let reader: RecordReader
  private let batchRows: Int
  private let rows: Range<Int>
  private var position: Int

  init(reader: RecordReader, batchRows: Int, rows: Range<Int>) {
    self.reader = reader
    self.batchRows = max(1, batchRows)
    self.rows = rows.clamped(to: 0..<reader.count)
    position = self.rows.lowerBound
  }

  /// The fields of every batch.
  public var schema: Schema { reader.schema.schema }

  /// The next batch of up to `batchRows` rows, or nil at the end.
  public mutating func next() throws(DSXError) -> Batch? {
    guard position < rows.upperBound else { return nil }
    let end = position + min(batchRows, rows.upperBound - position)
    let batch = try reader.batch(position..<end)
    // What lies behind us need not stay in memory: a pass takes the same memory whatever the file's size.
    reader.release(position..<end)
    position = end
    return batch
  }

  /// The next row's number.
  public var state: CursorState { CursorState(row: position) }

  /// Goes to a saved row. Throws `usage` when it lies outside the cursor's rows.
  public mutating func restore(_ state: CursorState) throws(DSXError) {
    guard rows.lowerBound <= state.row, state.row <= rows.upperBound else {
      throw DSXError(
        .usage, "the saved row \(state.row) is outside of rows \(rows)",
        hint: "restore a position that was saved from the same record set")
    }
    position = state.row
  }
}
