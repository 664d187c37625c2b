internal import DSXCore

/// Some rows, found and not read yet: what one thread makes a batch of.
struct RowBlock: @unchecked Sendable {
  let rows: [Range<Int>]
  /// The text, whose first byte has this position.
  let text: UnsafeRawBufferPointer
  let base: Int

  private func bytes(_ row: Range<Int>) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: text[(row.lowerBound - base)..<(row.upperBound - base)])
  }

  /// The values of the rows; those that cannot be used are left out and told.
  func read(_ table: RowTable) -> (columns: [Column], faults: [(fault: RowFault, rowsBefore: Int)])
  {
    table.kind == .text ? readText() : readJSON(table)
  }

  private func readText() -> ([Column], [(RowFault, Int)]) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(rows.reduce(0) { $0 + $1.count })
    var offsets = [0]
    offsets.reserveCapacity(rows.count + 1)
    var faults: [(RowFault, Int)] = []
    for row in rows {
      let line = self.bytes(row)
      if let bad = UTF8Validation.firstInvalid(line) {
        let error = DSXError(
          .malformed, "the text is not valid UTF-8", byte: row.lowerBound + bad,
          hint: "give its --encoding, or convert the file to UTF-8")
        faults.append((RowFault(row: row, error: error), offsets.count - 1))
        continue
      }
      bytes.append(contentsOf: line)
      offsets.append(bytes.count)
    }
    return ([Column(.bytes(bytes), offsets: offsets)], faults)
  }

  private func readJSON(_ table: RowTable) -> ([Column], [(RowFault, Int)]) {
    var columns = table.schema.fields.map {
      ColumnAssembler($0, exact: table.exact[$0.name])
    }
    var faults: [(RowFault, Int)] = []
    var good = 0
    for row in rows {
      do throws(DSXError) {
        let members = try JSONRow.members(bytes(row), at: row.lowerBound, table.kind)
        try JSONRow.append(members, to: &columns, table, rows: good)
        good += 1
      } catch {
        faults.append((RowFault(row: row, error: error), good))
      }
    }
    return (columns.indices.map { columns[$0].take() }, faults)
  }
}

/// One JSON row.
enum JSONRow {
  /// The members of the object that a row's text is.
  static func members(
    _ text: UnsafeRawBufferPointer, at position: Int, _ kind: RowRanges.Kind
  ) throws(DSXError) -> [JSONValue.Member] {
    let value: JSONValue
    do { value = try JSONParser.parse(text, base: position, exactIntegers: true) } catch {
      throw kind == .jsonArray ? error : Self.overLines(error, text, position)
    }
    if let members = value.object { return members }
    if kind == .jsonArray {
      throw DSXError(
        .malformed, "an element of the array is not a JSON object", byte: position,
        hint: "each row is an object whose members are the columns")
    }
    throw DSXError(
      .malformed, "the line is not a JSON object", byte: position,
      hint: value.array != nil
        ? "a JSON array is not JSON lines: write one object a line"
        : "a JSON-lines file holds one object a line")
  }

  /// What to do with objects that go on in the next line: leaving out rows helps nobody.
  static let oneObjectALine = "a JSON-lines file holds one object a line; jq -c . FILE writes it so"

  /// An error of the first line where that is nothing but an opened object, as programs write it with indentation.
  private static func overLines(
    _ error: DSXError, _ text: UnsafeRawBufferPointer, _ position: Int
  ) -> DSXError {
    let words = text.filter { $0 != 0x20 && $0 != 0x09 && $0 != 0x0d }
    guard words.elementsEqual([UInt8(ascii: "{")]), position <= 3 else { return error }
    var copy = error
    copy.hint = oneObjectALine
    return copy
  }

  /// The member of that name; rows mostly have their members in the columns' order.
  static func member(_ name: String, _ members: [JSONValue.Member], hint: Int) -> JSONValue? {
    if hint < members.count, members[hint].name == name { return members[hint].value }
    return members.first { $0.name == name }?.value
  }

  /// Adds a row to all columns, or to none.
  static func append(
    _ members: [JSONValue.Member], to columns: inout [ColumnAssembler], _ table: RowTable, rows: Int
  ) throws(DSXError) {
    for index in columns.indices {
      let field = columns[index].field
      let value = member(field.name, members, hint: index)
      do throws(DSXError) {
        if value == nil, !field.isNullable {
          throw DSXError.missingColumn(
            field.name, known: members.map(\.name), file: table.input.name, line: nil)
        }
        try columns[index].append(value)
      } catch {
        for earlier in 0..<index { columns[earlier].truncate(to: rows) }
        throw error
      }
    }
  }
}
