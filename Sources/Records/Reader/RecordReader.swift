public import DSXCore

/// Random access to the rows of a MindRecord set, in shard order.
public struct RecordReader: Sendable {
  /// Fields (sorted by name, as stored), description, index fields.
  public let schema: RecordSchema
  /// Rows over all shards.
  public let count: Int

  /// Opens the set that the file at `path` belongs to: all files of its `shard_addresses`.
  public init(path: String) throws(DSXError) {
    throw DSXError(.internal, "the record reader is not built yet")
  }

  /// Opens exactly these files, in this order.
  public init(files: [String]) throws(DSXError) {
    throw DSXError(.internal, "the record reader is not built yet")
  }

  /// The rows of a range, columns in schema order.
  ///
  /// A float32 scalar column holds float64 elements: the file keeps the double that was written.
  public func batch(_ rows: Range<Int>) throws(DSXError) -> Batch {
    throw DSXError(.internal, "the record reader is not built yet")
  }

  /// Decodes rows of an int32 array field straight into `buffer`; returns the number of elements written.
  public func readInt32(
    _ field: String, rows: Range<Int>, into buffer: UnsafeMutableBufferPointer<Int32>
  ) throws(DSXError) -> Int {
    throw DSXError(.internal, "the record reader is not built yet")
  }

  /// A stream of batches of `batchRows` rows over `rows` (default: all).
  public func cursor(batchRows: Int = 1024, rows: Range<Int>? = nil) -> RecordCursor {
    RecordCursor(reader: self, batchRows: batchRows, rows: rows ?? 0..<count)
  }
}
