public import DSXCore

/// How a loader decides the columns of a table and their types.
public enum ColumnTypes: Sendable {
  /// Every column, one decision each, taken over the whole file before the first row is handed out.
  case inferred
  /// Only these columns, in this order; a value of another type is an error.
  case declared([Field])
}

extension MsDataset {
  /// A fresh stream over the rows, whatever they come from.
  ///
  /// `options`: how tables are read; nil takes what the descriptor says. Its `columns` default to the
  /// target column. Types are decided now, over all files of the split. Throws `unsupported` for a custom
  /// data set, and the loaders' errors with file and line.
  public func rows(_ options: TableOptions? = nil) throws(DSXError) -> any TableCursor {
    try rows(options, known: nil)
  }

  /// The same with the columns that an earlier stream over the rows decided, which saves a pass over tables.
  func rows(_ options: TableOptions?, known: Schema?) throws(DSXError) -> any TableCursor {
    var options = options ?? self.options
    if options.columns == nil { options.columns = target.map { [$0] } }
    switch content {
    case .tables(let files) where QuestionCursor.formats.contains(argument("format")?.string ?? ""):
      return try QuestionCursor(files, options: options)
    case .tables(let files) where argument("format")?.string == "idx":
      guard files.count == 1, case .path(let path) = files[0] else {
        throw DSXError(.unsupported, "IDX files are read from disk only", file: table)
      }
      return try IDXCursor(
        path, labels: attachments["labels"], classes: argument("num_classes")?.int,
        options: options)
    case .tables(let files):
      if options.format == nil, let word = argument("format")?.string {
        options.format = DatasetLayout.options(FileKind(loader: word))?.format
      }
      let cursor = try TableSetCursor(files, options: options, known: known)
      guard let fileRoot else { return cursor }
      return FileColumnCursor(
        cursor, root: fileRoot, table: messageName, onBadRow: options.onBadRow)
    case .images(let folder): return try ImageFolderCursor(folder, options: options)
    case .records(let path): return try RecordSetCursor(path: path, options: options)
    case .values(let values, let column):
      return try ValuesCursor(values, column: column, options: options)
    case .custom(let path):
      throw DSXError(
        .unsupported, "a custom data set has no rows of its own", file: path,
        hint: "its files are read by the task that it is made for: 'dsx datasets show' lists them")
    }
  }

  /// The same with the types decided by the caller, for loaders that want them so.
  public func cursor(types: ColumnTypes = .inferred, batchRows: Int = 1024) throws(DSXError)
    -> any Cursor
  {
    if case .tables(let files) = content, files.count == 1, case .path(let path) = files[0],
      argument("format") == nil, fileRoot == nil
    {
      return try Self.cursor(path: path, types: types, batchRows: batchRows)
    }
    var options = options
    options.batchRows = batchRows
    if case .declared(let fields) = types {
      options.features = fields
      options.columns = fields.map(\.name)
    }
    return try rows(options)
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
