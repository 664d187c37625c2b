/// What rooms hand to each other: some rows, column by column (256 to 4,096 rows, or a token budget).
public struct Batch: Sendable {
  /// The fields; `columns` follow their order.
  public var schema: Schema
  /// One column a field, all with the same number of rows.
  public var columns: [Column]
  /// The number of the first row in its source, from 0.
  public var firstRow: Int

  /// A batch. Columns follow the order of the schema's fields.
  public init(schema: Schema, columns: [Column], firstRow: Int = 0) {
    self.schema = schema
    self.columns = columns
    self.firstRow = firstRow
  }

  /// Number of rows.
  public var rows: Int { columns.first?.rows ?? 0 }

  /// The column of that name.
  public subscript(_ name: String) -> Column? { schema.index(of: name).map { columns[$0] } }
}
