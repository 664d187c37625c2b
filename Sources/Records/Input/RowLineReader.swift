public import DSXCore

/// Turns JSON lines, one object a row in the form that `RowLines` writes, into batches; refuses everything
/// that is not exactly a row of the schema.
///
/// | field | JSON |
/// |---|---|
/// | string | a string |
/// | int32, int64 | a number without fraction and exponent that fits |
/// | float32, float64 | a number; "NaN", "Infinity", "-Infinity" unless it is indexed |
/// | bytes | `{"base64": "..."}` |
/// | array | `{"dtype", "shape", "data"}` with flat data (dtype and shape may be missing), or nested lists |
public final class RowLineReader {
  /// The fields of every batch.
  public let schema: Schema
  /// Rows that `take` would give.
  public private(set) var rows = 0
  /// Bytes of the lines of those rows.
  public private(set) var bytes = 0
  private let columns: [ColumnBuilder]
  private let names: [[UInt8]]
  private var seen: [Int]
  private var line = 0
  private var name: [UInt8] = []

  /// A reader for rows of a schema. Throws `usage` for a schema that MindRecord cannot hold.
  public init(_ schema: RecordSchema) throws(DSXError) {
    let plan = try RecordPlan(schema, floatsIndexed: false)
    self.schema = Schema(plan.fields)
    columns = plan.fields.indices.map { number in
      ColumnBuilder(
        plan.fields[number], isIndexed: plan.index.contains(number),
        refusesEmpty: plan.blob == [number])
    }
    names = plan.fields.map { Array($0.name.utf8) }
    seen = Array(repeating: 0, count: names.count)
  }

  /// Reads one line. On a fault nothing of the row is kept.
  public func append(_ text: UnsafeRawBufferPointer) throws(RowFault) {
    line += 1
    do throws(RowFault) {
      if let bad = UTF8Validation.firstInvalid(text) {
        throw RowFault(.notJSON, "the line is not valid UTF-8, at byte \(bad + 1)")
      }
      var scanner = RowScanner(text)
      try object(&scanner)
    } catch {
      for column in columns { column.rollBack() }
      throw error
    }
    for column in columns { column.keep() }
    rows += 1
    bytes += text.count
  }

  /// The rows since the last call.
  public func take() -> Batch {
    rows = 0
    bytes = 0
    return Batch(schema: schema, columns: columns.map { $0.take() })
  }

  private func object(_ scanner: inout RowScanner) throws(RowFault) {
    guard scanner.peek() == UInt8(ascii: "{") else {
      var copy = scanner
      try copy.skipValue()
      throw RowFault(.notObject, "the line is no JSON object, but \(scanner.valueText())")
    }
    scanner.position += 1
    var found = 0
    if scanner.peek() == UInt8(ascii: "}") {
      scanner.position += 1
    } else {
      // Lines that dsx wrote have the fields in order.
      var expected = 0
      repeat {
        name.removeAll(keepingCapacity: true)
        try scanner.string(into: &name)
        try scanner.expect(UInt8(ascii: ":"))
        var number = expected
        if number >= names.count || names[number] != name {
          guard let other = names.firstIndex(of: name) else {
            let text = String(decoding: name.prefix(60), as: UTF8.self)
            throw RowFault(
              .unknownField, field: text,
              "the row has a field '\(text)' (\(scanner.valueText())), the schema has none")
          }
          number = other
        }
        guard seen[number] != line else {
          let text = columns[number].field.name
          throw RowFault(.repeatedField, field: text, "the row has the field '\(text)' twice")
        }
        seen[number] = line
        found += 1
        expected = number + 1
        try value(&scanner, columns[number])
      } while try scanner.goesOn(UInt8(ascii: "}"))
    }
    scanner.skipBlanks()
    guard scanner.position == scanner.bytes.count else {
      throw scanner.fault("there is more after the row's object")
    }
    if found < names.count, let missing = seen.firstIndex(where: { $0 != line }) {
      let text = columns[missing].field.name
      throw RowFault(.missingField, field: text, "the row has no field '\(text)'")
    }
  }

  private func value(_ scanner: inout RowScanner, _ column: ColumnBuilder) throws(RowFault) {
    let field = column.field
    func wrong() -> RowFault {
      RowFault(
        .wrongType, field: field.name,
        "the field '\(field.name)' is \(field.typeText), but the value is \(scanner.valueText())")
    }
    if field.shape != nil {
      try array(&scanner, column)
    } else {
      switch field.type {
      case .string:
        guard scanner.peek() == UInt8(ascii: "\"") else { throw wrong() }
        try scanner.string(into: &column.bytes)
        return
      case .bytes:
        guard scanner.peek() == UInt8(ascii: "{") else { throw wrong() }
        try base64(&scanner, column)
      default:
        try column.number(&scanner)
        return
      }
    }
    guard column.rowCount > 0 || !column.refusesEmpty else {
      throw RowFault(
        .emptyValue, field: field.name,
        "the field '\(field.name)' is empty and the only bytes or array field: "
          + "MindSpore would lose the row")
    }
  }

  private func base64(_ scanner: inout RowScanner, _ column: ColumnBuilder) throws(RowFault) {
    let field = column.field.name
    let words = scanner.valueText()
    func wrong(_ reason: RowFault.Reason, _ message: String) -> RowFault {
      RowFault(reason, field: field, "the field '\(field)' \(message): \(words)")
    }
    try scanner.expect(UInt8(ascii: "{"))
    var key: [UInt8] = []
    guard scanner.peek() == UInt8(ascii: "\"") else {
      throw wrong(.wrongType, "is bytes and needs {\"base64\": ...}")
    }
    try scanner.string(into: &key)
    guard key.elementsEqual("base64".utf8) else {
      throw wrong(.wrongType, "is bytes and needs {\"base64\": ...}")
    }
    try scanner.expect(UInt8(ascii: ":"))
    guard scanner.peek() == UInt8(ascii: "\"") else {
      throw wrong(.wrongType, "is bytes and needs {\"base64\": ...}")
    }
    var text: [UInt8] = []
    try scanner.string(into: &text)
    guard Base64.decode(text, into: &column.bytes) else {
      throw wrong(.badBase64, "is not base64")
    }
    guard scanner.peek() == UInt8(ascii: "}") else {
      throw wrong(.wrongType, "is bytes and has more than base64")
    }
    scanner.position += 1
  }
}
