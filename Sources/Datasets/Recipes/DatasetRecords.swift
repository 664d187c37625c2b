public import DSXCore
internal import Records

/// A record set that is written batch by batch and loads back with the columns that went in.
///
/// Columns that MindRecord cannot hold as they are (missing values, names) are stored as
/// `dsx datasets convert` stores them. Nothing is at the path before `finish`, nor after a failure.
public struct DatasetRecords: ~Copyable {
  private var writer: RecordWriter
  private let mapping: RecordMapping

  /// A writer. Throws `outputExists` when something is at `path` and `overwrite` is not set.
  public init(path: String, schema: Schema, overwrite: Bool = false) throws(DSXError) {
    var options = RecordWriterOptions()
    options.overwrite = overwrite
    mapping = RecordMapping(schema)
    writer = try RecordWriter(path: path, schema: mapping.record, options: options)
  }

  /// Adds rows.
  public mutating func append(_ batch: Batch) throws(DSXError) {
    try writer.append(mapping.converted(batch))
  }

  /// Publishes the set.
  public mutating func finish() throws(DSXError) { _ = try writer.finish() }

  /// Gives up; nothing is left behind.
  public mutating func discard() { writer.discard() }
}
