internal import DSXCore
internal import Records

/// A record set as rows in any order; one that dsx converted gives the columns of the original.
struct RecordRows: RowSource {
  let schema: Schema
  let identity: String
  private let reader: RecordReader
  private let mapping: RecordMapping?

  init(path: String) throws(DSXError) {
    reader = try RecordReader(path: path)
    mapping = RecordMapping(reading: reader.schema)
    schema = mapping?.original ?? reader.schema.schema
    identity = reader.fingerprint
  }

  var count: Int { reader.count }

  /// Rows of a batch whose size stays reasonable whatever the rows hold.
  var suggestedBatchRows: Int { reader.suggestedBatchRows }

  func batch(rows: [Int]) throws(DSXError) -> Batch {
    let stored = try reader.batch(rows: rows)
    return try mapping?.restored(stored) ?? stored
  }

  func release(rows: [Int]) {
    guard let low = rows.min(), let high = rows.max() else { return }
    // Rows read in order lie together; scattered ones keep pages all over the set.
    if high - low == rows.count - 1 { reader.release(low..<high + 1) } else { reader.releaseAll() }
  }
}
