internal import DSXCore

/// The values that a program gave as a data set: one column.
///
/// Integers make int64, numbers float64, truth values bool, texts string; anything else, or a mixture,
/// JSON. A `null` is a missing value.
struct ValuesCursor: TableCursor {
  let schema: Schema
  private let values: [JSONValue]
  private let batchRows: Int
  private var position = 0
  var badRows: BadRows { BadRows() }
  var consumed: Int { 0 }

  init(_ values: [JSONValue], column: String, options: TableOptions) throws(DSXError) {
    self.values = values
    batchRows = max(1, options.batchRows)
    let present = values.filter { !$0.isNull }
    let isNullable = present.count < values.count
    func all(_ test: (JSONValue) -> Bool) -> Bool { !present.isEmpty && present.allSatisfy(test) }
    let field: Field
    if all({ if case .int = $0 { true } else { false } }) {
      field = Field(column, .int64, isNullable: isNullable)
    } else if all({ $0.double != nil && $0.bool == nil }) {
      field = Field(column, .float64, isNullable: isNullable)
    } else if all({ $0.bool != nil }) {
      field = Field(column, .int32, feature: .bool, isNullable: isNullable)
    } else if all({ $0.string != nil }) || present.isEmpty {
      field = Field(column, .string, isNullable: isNullable)
    } else {
      field = Field(column, .string, feature: .json, isNullable: isNullable)
    }
    if let wanted = options.columns, wanted != [column] {
      throw DSXError.missingColumn(
        wanted.first { $0 != column } ?? column, known: [column], file: "values", line: nil,
        wasAsked: true)
    }
    schema = Schema([field])
  }

  var state: CursorState { CursorState(row: position) }

  mutating func restore(_ state: CursorState) throws(DSXError) {
    guard (0...values.count).contains(state.row) else {
      throw DSXError(.usage, "the saved row \(state.row) is not in these values")
    }
    position = state.row
  }

  mutating func next() throws(DSXError) -> Batch? {
    let end = min(values.count, position + batchRows)
    guard position < end else { return nil }
    let part = values[position..<end]
    let field = schema.fields[0]
    var column: Column
    switch field.type {
    case .int64:
      column = Column(.int64(part.map { if case .int(let value) = $0 { value } else { 0 } }))
    case .float64: column = Column(.float64(part.map { $0.double ?? 0 }))
    case .int32: column = Column(.int32(part.map { $0.bool == true ? 1 : 0 }))
    default:
      column = Column(
        strings: part.map { value in
          if value.isNull { return "" }
          return field.feature == .json ? value.text(.spaced) : value.string ?? ""
        })
    }
    if field.isNullable { column.validity = part.map { !$0.isNull } }
    defer { position = end }
    return Batch(schema: schema, columns: [column], firstRow: position)
  }
}
