public import DSXCore

/// The rows of a JSON-lines file: one object a line, blank lines skipped, CRLF and a BOM taken.
///
/// Strict: a row that lacks a wanted column, holds null, or holds another type than its column is an
/// error with file and line. Inferred columns: integers int64, numbers (also mixed with integers)
/// float64, truth values int32, text string, nested values their JSON text; every row must have the
/// same members. Inference reads the file once more.
public struct JSONLinesCursor: Cursor {
  /// The columns.
  public let schema: Schema
  private let file: MappedFile
  private let batchRows: Int
  private var scanner: LineScanner
  private var row = 0

  /// A cursor over a file. Declared columns are the only ones looked at.
  public init(path: String, types: ColumnTypes = .inferred, batchRows: Int = 1024)
    throws(DSXError)
  {
    file = try MappedFile(path: path, required: true)
    file.adviseSequential()
    self.batchRows = max(1, batchRows)
    scanner = LineScanner(file.bytes)
    switch types {
    case .declared(let fields): schema = Schema(fields)
    case .inferred: schema = try Self.infer(file)
    }
  }

  /// The position of the next row.
  public var state: CursorState { CursorState(row: row, byte: scanner.position) }

  /// Goes to a saved position of the same file. Counts the lines before it.
  public mutating func restore(_ state: CursorState) throws(DSXError) {
    do { try scanner.restore(to: max(state.byte, scanner.position == 3 ? 3 : 0)) } catch {
      throw error.inFile(file.path)
    }
    row = state.row
  }

  /// The next rows.
  public mutating func next() throws(DSXError) -> Batch? {
    var builders = schema.fields.map { ColumnBuilder($0) }
    let first = row
    while row - first < batchRows,
      let members = try Self.object(&scanner, file)
    {
      for index in builders.indices {
        let name = builders[index].field.name
        guard let value = Self.member(name, members, hint: index) else {
          throw DSXError.missingColumn(
            name, known: members.map(\.name), file: file.path, line: scanner.line)
        }
        do { try builders[index].append(value) } catch { throw located(error) }
      }
      row += 1
    }
    guard row > first else { return nil }
    return Batch(
      schema: schema, columns: builders.indices.map { builders[$0].take() }, firstRow: first)
  }

  private func located(_ error: DSXError) -> DSXError {
    var copy = error.inFile(file.path)
    copy.location.line = scanner.line
    copy.location.row = row
    return copy
  }

  /// The members of the next object, or nil at the end.
  private static func object(_ scanner: inout LineScanner, _ file: MappedFile) throws(DSXError)
    -> [JSONValue.Member]?
  {
    while true {
      let start = scanner.position
      guard let line = scanner.next() else { return nil }
      if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0d || $0 == 0x0a }) { continue }
      do throws(DSXError) {
        let value = try JSONParser.parse(line, base: start)
        if let members = value.object { return members }
        let isArray = value.array != nil || line.first == UInt8(ascii: "[")
        throw DSXError(
          .malformed, "the line is not a JSON object", byte: start,
          hint: isArray
            ? "a JSON array is not JSON lines: write one object a line"
            : "a JSON-lines file holds one object a line")
      } catch {
        var copy = error.inFile(file.path)
        copy.location.line = scanner.line
        throw copy
      }
    }
  }

  /// The member of that name; rows mostly have their members in the columns' order.
  private static func member(_ name: String, _ members: [JSONValue.Member], hint: Int)
    -> JSONValue?
  {
    if hint < members.count, members[hint].name == name { return members[hint].value }
    return members.first { $0.name == name }?.value
  }

  private static func infer(_ file: MappedFile) throws(DSXError) -> Schema {
    var scanner = LineScanner(file.bytes)
    var columns: [(name: String, kind: JSONKind, line: Int)] = []
    var isFirst = true
    while let members = try object(&scanner, file) {
      if isFirst {
        columns = members.map { ($0.name, JSONKind($0.value), scanner.line) }
        isFirst = false
      }
      if let extra = members.first(where: { member in
        !columns.contains { $0.name == member.name }
      }) {
        throw DSXError(
          .malformed, "the column '\(extra.name)' is not in the rows before", file: file.path,
          line: scanner.line)
      }
      for index in columns.indices {
        let column = columns[index]
        guard let value = member(column.name, members, hint: index) else {
          throw DSXError.missingColumn(
            column.name, known: members.map(\.name), file: file.path, line: scanner.line)
        }
        switch (column.kind, JSONKind(value)) {
        case (_, .null):
          throw DSXError(
            .malformed, "the column '\(column.name)' holds null", file: file.path,
            line: scanner.line, hint: "give the row a value, or leave the column out of all rows")
        case (let old, let new) where old == new: break
        case (.integer, .number): columns[index].kind = .number
        case (.number, .integer): break
        case (let old, let new):
          throw DSXError(
            .malformed,
            "the column '\(column.name)' holds \(new.words), but \(old.words) in line "
              + "\(column.line)", file: file.path, line: scanner.line,
            hint: "one column has one type: write all its values alike")
        }
      }
    }
    return Schema(columns.map { Field($0.name, $0.kind.type ?? .string) })
  }
}
