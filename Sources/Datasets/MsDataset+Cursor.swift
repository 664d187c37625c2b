public import DSXCore

/// How a loader decides the columns of a table and their types.
public enum ColumnTypes: Sendable {
  /// Every column, one decision each, taken over the whole file before the first row is handed out.
  case inferred
  /// Only these columns, in this order; a value of another type is an error.
  case declared([Field])
}

extension MsDataset {
  /// A fresh stream over the rows, by the extension of the table: see `TableReader`.
  ///
  /// Throws `unsupported` for another kind of file, and the reader's errors with file and line.
  public func cursor(types: ColumnTypes = .inferred, batchRows: Int = 1024) throws(DSXError)
    -> any Cursor
  {
    try Self.cursor(path: table, types: types, batchRows: batchRows)
  }

  /// The stream over a table file.
  public static func cursor(path: String, types: ColumnTypes = .inferred, batchRows: Int = 1024)
    throws(DSXError) -> any Cursor
  {
    var options = TableOptions()
    options.batchRows = max(1, batchRows)
    options.namesOptions = false
    if case .declared(let fields) = types {
      options.features = fields
      options.columns = fields.map(\.name)
    }
    return try TableReader(path: path, options: options).cursor()
  }
}
