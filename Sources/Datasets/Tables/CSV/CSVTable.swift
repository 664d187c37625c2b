internal import DSXCore

/// A CSV file's form, header and columns: all that its rows are read by.
struct CSVTable: Sendable {
  let input: TextInput
  let options: TableOptions
  let dialect: CSVDialect
  /// The file's columns.
  let header: [String]
  /// Where the first row begins.
  let bodyStart: Int
  /// Whether positions are those of decoded text and not of the file.
  let isDecoded: Bool
  /// The columns that are read; those of an inference that is still to come are text.
  var schema: Schema
  /// For each field of the schema its place in the file.
  var places: [Int]
  /// The fields, by number, whose types are to be inferred.
  let inferred: [Int]
  let nullTexts: [[UInt8]]

  /// Fields of a row.
  var width: Int { header.count }
  /// Whether messages may name options.
  var takesOptions: Bool { options.namesOptions }

  /// Reads the header. `schema` is one that was decided before.
  init(_ input: TextInput, _ options: TableOptions, format: TableFormat, schema known: Schema?)
    throws(DSXError)
  {
    self.options = options
    dialect = try CSVDialect(options, format: format)
    var input = input
    if options.isLenient, dialect.quote != nil { input.lenient = dialect }
    self.input = input
    nullTexts = options.nullTexts.map { Array($0.utf8) }
    let window = try input.open()
    isDecoded = window.isStream
    let start = try window.start()
    let first = try Self.firstRow(window, start, options, dialect)
    var names: [String]
    switch options.header {
    case .firstRow: names = first.names
    case .none: names = first.names.indices.map { "column_\($0)" }
    case .names(let given): names = given
    }
    if options.header == .firstRow, first.names.isEmpty {
      throw DSXError(
        .malformed, "the file is empty: there is not even a header", file: input.name,
        hint:
          "the first line of a CSV data set names its columns; what made the file may have failed")
    }
    for (index, name) in names.enumerated() where names[..<index].contains(name) {
      let isFile = options.header == .firstRow
      throw DSXError(
        isFile ? .malformed : .usage,
        isFile ? "the header names the column '\(name)' twice" : "two columns are named '\(name)'",
        file: input.name, line: isFile ? window.line(at: first.start) : nil,
        hint: options.namesOptions
          ? "rename one of them, or read the file with --no-header" : nil)
    }
    header = names
    bodyStart = options.header == .firstRow ? first.end : start
    (schema, places, inferred) = try Self.columns(
      names, options, known: known, file: input.name,
      line: options.header == .firstRow ? window.line(at: first.start) : nil)
  }

  /// The columns that are wanted, with declared types where there are any.
  private static func columns(
    _ header: [String], _ options: TableOptions, known: Schema?, file: String, line: Int?
  ) throws(DSXError) -> (Schema, [Int], [Int]) {
    let wanted = known?.fields.map(\.name) ?? options.columns ?? header
    var fields: [Field] = []
    var places: [Int] = []
    var inferred: [Int] = []
    for name in wanted + options.features.map(\.name) {
      guard let place = header.firstIndex(of: name) else {
        throw DSXError.missingColumn(
          name, known: header, file: file, line: line,
          wasAsked: known == nil && options.columns?.contains(name) == true)
      }
      guard fields.count < wanted.count else { continue }
      places.append(place)
      if let field = known?.fields[fields.count]
        ?? options.features.first(where: { $0.name == name })
      {
        fields.append(field)
      } else {
        inferred.append(fields.count)
        fields.append(CSVKind.text.field(name))
      }
    }
    return (Schema(fields), places, inferred)
  }

  /// The first row that is not blank: its fields, its start and its end.
  private static func firstRow(
    _ window: TextWindow, _ start: Int, _ options: TableOptions, _ dialect: CSVDialect
  ) throws(DSXError) -> (names: [String], start: Int, end: Int) {
    let indexer = CSVIndexer(
      dialect: dialect, width: nil, stopsAtFault: true,
      maximumRow: min(options.maximumRowBytes, mostRowBytes))
    let scratch = CSVScratch()
    var count = 1 << 14
    var position = start
    while true {
      try window.fill(from: 0, count: position + count)
      let text = UnsafeRawBufferPointer(rebasing: window.bytes[(position - window.base)...])
      let isAll = window.isAtEnd && text.count <= count
      let chunk = indexer.chunk(
        text, start: position, count: min(count, text.count), isAtEnd: isAll, scratch)
      if let fault = chunk.faults.first {
        let context = Context(input: window.name, options: options, dialect: dialect)
        throw fault.error(window, context)
      }
      if chunk.rows > 0,
        let piece = CSVPiece(
          chunk, quote: dialect.quote, width: chunk.firstWidth, text: text, rows: 0..<1)
      {
        let names = (0..<chunk.firstWidth).map {
          String(decoding: piece.field(0, $0), as: UTF8.self)
        }
        return (names, chunk.position(ofRow: 0), position + chunk.used)
      }
      if isAll { return ([], position, position) }
      position += chunk.used
      if chunk.used == 0 { count *= 4 }
    }
  }

  /// What messages about faults need to know.
  struct Context {
    let input: String
    let options: TableOptions
    let dialect: CSVDialect
    var header: [String] = []
    var schema = Schema([])
    var isDecoded = false
  }

  /// The same, for faults of rows.
  var context: Context {
    Context(
      input: input.name, options: options, dialect: dialect, header: header, schema: schema,
      isDecoded: isDecoded)
  }
}

extension CSVTable {
  /// What makes the chunks of its rows.
  var indexer: CSVIndexer {
    CSVIndexer(
      dialect: dialect, width: width, stopsAtFault: options.onBadRow == .refuse,
      maximumRow: min(options.maximumRowBytes, Self.mostRowBytes))
  }

  /// The longest row whatever is asked for: places in a chunk have 32 bits.
  private static let mostRowBytes = 1 << 29

  /// The rows of a chunk, whose text is `text`.
  func piece(_ chunk: CSVChunk, _ text: UnsafeRawBufferPointer, rows: Range<Int>) -> CSVPiece? {
    CSVPiece(chunk, quote: dialect.quote, width: width, text: text, rows: rows)
  }

  /// What reads the field `index` of the schema.
  func reader(_ index: Int, _ pieces: [CSVPiece]) -> CSVColumnReader {
    CSVColumnReader(pieces: pieces, place: places[index], nullTexts: nullTexts)
  }

  /// The values of a field; throws at the first row whose value is not of its type.
  func column(_ index: Int, _ pieces: [CSVPiece]) throws(CSVColumnReader.Failure) -> Column {
    do { return try values(index, pieces) } catch {
      // Numbers are read first and gaps are looked at then: a gap may come before the text that is no number.
      for (number, piece) in pieces.enumerated() {
        let bad = reader(index, [piece]).badRows(piece, schema.fields[index])
        if let row = bad.first { throw CSVColumnReader.Failure(piece: number, row: row) }
      }
      throw error
    }
  }

  private func values(_ index: Int, _ pieces: [CSVPiece]) throws(CSVColumnReader.Failure) -> Column
  {
    let field = schema.fields[index]
    let reader = reader(index, pieces)
    if case .plain = field.feature, field.shape == nil || field.type == .string {
      switch field.type {
      case .int32: return try reader.checked(try reader.int32(), field)
      case .int64: return try reader.checked(try reader.int64(), field)
      case .float32: return try reader.checked(try reader.float32(), field)
      case .float64: return try reader.checked(try reader.float64(), field)
      case .string, .bytes: return reader.text()
      }
    }
    switch field.feature {
    case .file, .image: return reader.text()
    default: return try reader.assembled(field)
    }
  }

  /// The values of all fields as a batch, or the first row that has a value of another type.
  func batch(_ pieces: [CSVPiece], firstRow: Int) -> Result<Batch, CSVFault> {
    var columns: [Column] = []
    var failed: (failure: CSVColumnReader.Failure, column: Int)?
    for index in schema.fields.indices {
      do throws(CSVColumnReader.Failure) {
        columns.append(try column(index, pieces))
      } catch {
        if let old = failed?.failure, (old.piece, old.row) <= (error.piece, error.row) { continue }
        failed = (error, index)
      }
    }
    guard let failed else {
      return .success(Batch(schema: schema, columns: columns, firstRow: firstRow))
    }
    let piece = pieces[failed.failure.piece]
    let before = pieces[..<failed.failure.piece].reduce(0) { $0 + $1.rows.count }
    return .failure(
      fault(failed.column, failed.failure.row, piece)
        .moved(to: firstRow + before + failed.failure.row - piece.rows.lowerBound))
  }

  /// The fault of a value that is not of its column's type.
  func fault(_ column: Int, _ row: Int, _ piece: CSVPiece) -> CSVFault {
    let text = String(decoding: piece.field(row, places[column]).prefix(40), as: UTF8.self)
    let place = piece.chunk.position(ofRow: row)
    return CSVFault(
      kind: .value(column: column, text: text), rowStart: place, position: place, rowsBefore: row)
  }
}

extension CSVFault: Error {}
