internal import DSXCore
internal import Records

/// The record files of one set in one part, while they are written.
///
/// Used by one thread after the other: filled by the one that packs, finished by another.
final class RecordPart: @unchecked Sendable {
  private var writer: RecordWriter
  private let schema: Schema
  private let columns: [RowColumn]
  /// Rows written so far.
  private(set) var rows = 0

  init(_ context: PreparationContext, shard: Int, set: DocumentSet, folder: String)
    throws(DSXError)
  {
    schema = context.schema
    columns = context.options.rowColumns
    writer = try RecordWriter(
      path: FilePath.join(folder, context.name(set)), schema: context.recordSchema,
      options: context.partOptions(shard))
  }

  func append(_ rows: consuming PackedRows) throws(DSXError) {
    let batch = rows.batch(schema, columns, firstRow: self.rows)
    try writer.append(batch)
    self.rows += batch.rows
  }

  /// Writes headers and indexes.
  func finish() throws(DSXError) { _ = try writer.finish() }
}
