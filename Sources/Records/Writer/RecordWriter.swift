public import DSXCore

/// Writes a MindRecord set: data files and their SQLite indexes, published only when whole.
///
/// Call `append` with batches, then `finish()` once. Dropping a writer without `finish()` discards
/// everything; nothing half-written is ever visible under the final names.
public struct RecordWriter: ~Copyable {
  /// Starts a set at `path`. Throws `outputExists` when it is there and `overwrite` is not set,
  /// `usage` for a schema or options that MindRecord cannot hold.
  public init(path: String, schema: RecordSchema, options: RecordWriterOptions = .init())
    throws(DSXError)
  {
    throw DSXError(.internal, "the record writer is not built yet")
  }

  /// Rows appended so far.
  public private(set) var rows = 0

  /// Appends rows. Columns are found by the schema's field names; other columns are ignored.
  public mutating func append(_ batch: Batch) throws(DSXError) {
    throw DSXError(.internal, "the record writer is not built yet")
  }

  /// Appends rows of one int32 array field, the schema's only field: `values` is rows x `rowLength`.
  public mutating func append(rows values: UnsafeBufferPointer<Int32>, rowLength: Int)
    throws(DSXError)
  {
    throw DSXError(.internal, "the record writer is not built yet")
  }

  /// Writes headers and indexes, flushes everything to disk and moves it into place.
  public mutating func finish() throws(DSXError) -> RecordSummary {
    throw DSXError(.internal, "the record writer is not built yet")
  }

  /// Drops everything that was written.
  public mutating func discard() {}
}
