internal import DSXCore

/// What counts as the length of a row.
struct RowLength: Sendable {
  let column: String
  private let number: Int
  private let field: Field

  /// The length by a column: an array's first dimension, a text's code points, a value's bytes; an
  /// integer is itself the length.
  init(_ column: String, _ schema: Schema) throws(DSXError) {
    number = try schema.number(of: column)
    field = schema.fields[number]
    self.column = column
    guard field.shape != nil || (field.type != .float32 && field.type != .float64) else {
      throw DSXError(
        .usage, "the column '\(column)' is \(field.type.rawValue), which has no length",
        hint: "name an array, a text, or an integer that says the length")
    }
  }

  /// One length a row; a negative integer counts as 0.
  func lengths(_ batch: Batch) -> [Int] {
    let column = batch.columns[number]
    guard let offsets = column.offsets else {
      switch column.elements {
      case .int32(let values): return values.map { max(0, Int($0)) }
      case .int64(let values): return values.map { max(0, Int($0)) }
      default: return Array(repeating: 0, count: column.rows)
      }
    }
    if field.type == .string, case .bytes(let bytes) = column.elements {
      return (0..<column.rows).map { row in
        var count = 0
        for byte in bytes[offsets[row]..<offsets[row + 1]] where byte & 0xc0 != 0x80 { count += 1 }
        return count
      }
    }
    let step = field.elementsAStep
    return (0..<column.rows).map { (offsets[$0 + 1] - offsets[$0]) / step }
  }
}

extension Field {
  /// Elements of one step of the first dimension, at least 1.
  var elementsAStep: Int {
    guard let shape, shape.count > 1 else { return 1 }
    return max(
      1, shape.dropFirst().reduce(1) { $0.multipliedReportingOverflow(by: $1).partialValue })
  }
}

extension Schema {
  /// The position of a column that must be there. Throws `unknownName` with the known ones.
  func number(of name: String) throws(DSXError) -> Int {
    if let number = index(of: name) { return number }
    throw DSXError.unknown("column", name, known: fields.map(\.name))
  }
}
