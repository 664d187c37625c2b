public import DSXCore

extension MsDataset {
  /// A fresh stream over the rows, by the extension of the table: `.csv`, `.tsv`, `.json`, `.jsonl`.
  ///
  /// Throws `unsupported` for another kind of file, and the loader's errors with file and line.
  public func cursor(types: ColumnTypes = .inferred, batchRows: Int = 1024) throws(DSXError)
    -> any Cursor
  {
    try Self.cursor(path: table, types: types, batchRows: batchRows)
  }

  /// The stream over a table file.
  public static func cursor(path: String, types: ColumnTypes = .inferred, batchRows: Int = 1024)
    throws(DSXError) -> any Cursor
  {
    let name = FilePath.split(path).name.lowercased()
    if name.hasSuffix(".csv") {
      return try CSVCursor(path: path, types: types, batchRows: batchRows)
    }
    if name.hasSuffix(".tsv") {
      return try CSVCursor(path: path, types: types, delimiter: 0x09, batchRows: batchRows)
    }
    if name.hasSuffix(".json") || name.hasSuffix(".jsonl") {
      return try JSONLinesCursor(path: path, types: types, batchRows: batchRows)
    }
    throw DSXError(
      .unsupported, "this kind of table is not known", file: path,
      hint: "known: .csv, .tsv, .json and .jsonl (JSON lines)")
  }
}
