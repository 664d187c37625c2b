public import DSXCore

/// The rows of a CSV or TSV file with a header: RFC 4180 read strictly by libcsv.
///
/// Blanks belong to fields, a UTF-8 BOM is removed, blank lines are skipped. A row with more or fewer
/// fields than the header, a stray quote, an unclosed quote and invalid UTF-8 are errors with their
/// line. Inferred columns: int64 when every value is a plain integer that fits, float64 when every
/// value is a plain number, else text (so leading zeros, empty cells and big integers are kept).
public struct CSVCursor: Cursor {
  /// The columns.
  public let schema: Schema
  private let reader: CSVReader
  private let header: [String]
  private let places: [Int]
  private let batchRows: Int
  private var record = CSVRecord()
  private var row = 0

  /// A cursor over a file; `delimiter` is the byte between fields.
  public init(
    path: String, types: ColumnTypes = .inferred, delimiter: UInt8 = UInt8(ascii: ","),
    batchRows: Int = 1024
  ) throws(DSXError) {
    reader = try CSVReader(path: path, delimiter: delimiter)
    self.batchRows = max(1, batchRows)
    header = try Self.header(reader)
    switch types {
    case .inferred:
      let types = try Self.infer(path, delimiter, width: header.count)
      schema = Schema(zip(header, types).map { Field($0, $1) })
      places = Array(header.indices)
    case .declared(let fields):
      var places: [Int] = []
      for field in fields {
        guard let place = header.firstIndex(of: field.name) else {
          throw DSXError.missingColumn(field.name, known: header, file: path, line: 1)
        }
        places.append(place)
      }
      schema = Schema(fields)
      self.places = places
    }
  }

  /// The position of the next row.
  public var state: CursorState { CursorState(row: row, byte: reader.position) }

  /// Goes to a saved position of the same file. Counts the lines before it.
  public mutating func restore(_ state: CursorState) throws(DSXError) {
    try reader.restore(to: state.byte)
    row = state.row
  }

  /// The next rows.
  public mutating func next() throws(DSXError) -> Batch? {
    var builders = schema.fields.map { ColumnBuilder($0) }
    let first = row
    while row - first < batchRows, try reader.next(&record) {
      try Self.checkWidth(record, header.count, reader.file.path)
      for index in builders.indices {
        do {
          try record.withField(places[index]) { (text) throws(DSXError) in
            try builders[index].append(text)
          }
        } catch {
          var copy = error.inFile(reader.file.path)
          copy.location.line = record.line
          copy.location.row = row
          throw copy
        }
      }
      row += 1
    }
    guard row > first else { return nil }
    return Batch(
      schema: schema, columns: builders.indices.map { builders[$0].take() }, firstRow: first)
  }

  private static func header(_ reader: CSVReader) throws(DSXError) -> [String] {
    var record = CSVRecord()
    guard try reader.next(&record) else {
      throw DSXError(
        .malformed, "the file is empty", file: reader.file.path,
        hint: "the first line of a CSV data set names its columns")
    }
    let names = (0..<record.count).map { record.text($0) }
    for (index, name) in names.enumerated() where names[..<index].contains(name) {
      throw DSXError(
        .malformed, "the header names the column '\(name)' twice", file: reader.file.path,
        line: record.line)
    }
    return names
  }

  private static func checkWidth(_ record: CSVRecord, _ width: Int, _ path: String)
    throws(DSXError)
  {
    guard record.count == width else {
      throw DSXError(
        .malformed, "the row has \(record.count) fields, the header \(width)", file: path,
        line: record.line)
    }
  }

  /// One pass over the file: the narrowest type that keeps every value of each column.
  private static func infer(_ path: String, _ delimiter: UInt8, width: Int) throws(DSXError)
    -> [FieldType]
  {
    let reader = try CSVReader(path: path, delimiter: delimiter)
    var record = CSVRecord()
    var integers = [Bool](repeating: true, count: width)
    var numbers = integers
    _ = try reader.next(&record)
    var isEmpty = true
    while try reader.next(&record) {
      isEmpty = false
      try checkWidth(record, width, path)
      for index in 0..<width where integers[index] || numbers[index] {
        record.withField(index) { text in
          let form = NumberText(text)
          guard form.isInteger else {
            integers[index] = false
            if !form.isNumber { numbers[index] = false }
            return
          }
          // An integer that int64 or float64 cannot hold exactly keeps its column from that type.
          let value = Int64(String(decoding: text, as: UTF8.self))
          if value == nil { integers[index] = false }
          if value.flatMap({ Double(exactly: $0) }) == nil { numbers[index] = false }
        }
      }
    }
    return (0..<width).map { index in
      if isEmpty { return .string }
      return integers[index] ? .int64 : numbers[index] ? .float64 : .string
    }
  }
}
