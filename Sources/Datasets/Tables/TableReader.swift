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
  private let rows: Rows

  /// What the rows are read by.
  private enum Rows: Sendable {
    case csv(CSVTable)
    case other(RowTable)
  }

  /// A reader of a file; `schema` is what an earlier reader of it decided.
  ///
  /// Throws `io` or `missingFile`, `malformed` with line and column for a row that cannot be read, `unsupported`
  /// for an extension that is no table's, `usage` for options that contradict each other.
  public init(path: String, options: TableOptions = TableOptions(), schema: Schema? = nil)
    throws(DSXError)
  {
    try self.init(name: path, options: options, schema: schema, origin: .file(path))
  }

  /// A reader of what `open` gives: called once for the schema when it has to be inferred, and once for each cursor,
  /// always with the same bytes. `name` gives the format by its extension unless the options do.
  public init(
    name: String, options: TableOptions = TableOptions(), schema: Schema? = nil,
    open: @escaping @Sendable () throws(DSXError) -> any ByteSource
  ) throws(DSXError) {
    try self.init(name: name, options: options, schema: schema, origin: .stream(open))
  }

  private init(name: String, options: TableOptions, schema: Schema?, origin: TextInput.Origin)
    throws(DSXError)
  {
    self.name = name
    self.options = options
    let input = TextInput(name: name, origin: origin, encoding: options.encoding)
    let format = try Self.format(name, options)
    switch format {
    case .csv, .tsv:
      let table = try CSVInference.decide(
        try CSVTable(input, options, format: format, schema: schema))
      rows = .csv(table)
      self.schema = table.schema
    case .jsonLines, .jsonArray, .json, .text:
      let table = try RowTable.make(input, options, format: format, schema: schema)
      rows = .other(table)
      self.schema = table.schema
    }
  }

  private init(name: String, options: TableOptions, schema: Schema, rows: Rows) {
    self.name = name
    self.options = options
    self.schema = schema
    self.rows = rows
  }

  /// The same JSON table with wider types, as several files share them: each value is still of the kind that
  /// was inferred here. nil for CSV.
  func widened(to wider: Schema) -> TableReader? {
    guard case .other(let table) = rows else { return nil }
    let same = RowTable(table.input, table.options, table.kind, wider, exact: schema.fields)
    return TableReader(name: name, options: options, schema: wider, rows: .other(same))
  }

  /// The format that the options or the name state.
  private static func format(_ name: String, _ options: TableOptions) throws(DSXError)
    -> TableFormat
  {
    if let format = options.format ?? TableFormat(path: name) { return format }
    throw DSXError(
      .unsupported, "this kind of table is not known", file: name,
      hint: "known: .csv, .tsv, .json and .jsonl (JSON lines or a JSON array), .txt")
  }

  /// The names of all columns of a CSV file, also of those that are not read; else those of the schema.
  public var header: [String] {
    if case .csv(let table) = rows { return table.header }
    return schema.fields.map(\.name)
  }

  /// A fresh stream over the rows.
  public func cursor() throws(DSXError) -> any TableCursor {
    switch rows {
    case .csv(let table): return try CSVTableCursor(table)
    case .other(let table): return try RowTableCursor(table)
    }
  }

  /// All rows, with the schema that is known.
  public func load() throws(DSXError) -> Table {
    var cursor = try cursor()
    var batches: [Batch] = []
    while let batch = try cursor.next() { batches.append(batch) }
    return Table(schema: schema, batches: batches, badRows: cursor.badRows)
  }

  /// All rows of a file. The types of CSV columns are inferred while the rows are converted, so that the text is
  /// read once; the rows, types and errors are those of `TableReader(path:)` and its cursor, the batches
  /// may have other sizes.
  public static func load(path: String, options: TableOptions = TableOptions()) throws(DSXError)
    -> Table
  {
    let format = try format(path, options)
    let input = TextInput(name: path, origin: .file(path), encoding: options.encoding)
    guard format == .csv || format == .tsv, !options.isLenient else {
      return try TableReader(path: path, options: options).load()
    }
    let table = try CSVTable(input, options, format: format, schema: nil)
    guard !table.isDecoded else { return try TableReader(path: path, options: options).load() }
    return try CSVLoad(table: table).run()
  }
}
