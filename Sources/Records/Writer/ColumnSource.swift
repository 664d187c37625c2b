internal import DSXCore

/// One column of a batch as the row encoder reads it: plain pointers, checked against the field once.
struct ColumnSource {
  enum Elements {
    case int32(UnsafeBufferPointer<Int32>)
    case int64(UnsafeBufferPointer<Int64>)
    case float32(UnsafeBufferPointer<Float>)
    case float64(UnsafeBufferPointer<Double>)
    case bytes(UnsafeBufferPointer<UInt8>)
  }

  /// Where row r lies among the elements.
  enum Rows {
    case scalar
    case offsets(UnsafeBufferPointer<Int>)
    case stride(Int)
  }

  let elements: Elements
  let rows: Rows

  /// The range of row `row`. Bounds were checked by `validate`.
  @inline(__always)
  func range(_ row: Int) -> Range<Int> {
    switch rows {
    case .scalar: row..<row + 1
    case .offsets(let offsets): offsets[row]..<offsets[row + 1]
    case .stride(let length): row * length..<(row + 1) * length
    }
  }

  /// Hands the columns of `fields` to `body` as pointers.
  static func with<Result>(
    _ batch: Batch, _ fields: [Field], _ body: ([ColumnSource]) throws(DSXError) -> Result
  ) throws(DSXError) -> Result {
    var columns: [Column] = []
    for field in fields {
      guard let position = batch.schema.index(of: field.name), position < batch.columns.count else {
        throw DSXError(
          .malformed, "the rows have no field '\(field.name)', which the record schema declares")
      }
      let column = batch.columns[position]
      try validate(column, field, rows: batch.rows)
      columns.append(column)
    }
    return try collect(columns, 0, [], body)
  }

  private static func collect<Result>(
    _ columns: [Column], _ next: Int, _ found: [ColumnSource],
    _ body: ([ColumnSource]) throws(DSXError) -> Result
  ) throws(DSXError) -> Result {
    guard next < columns.count else { return try body(found) }
    func go(_ elements: Elements) throws(DSXError) -> Result {
      guard let offsets = columns[next].offsets else {
        return try collect(
          columns, next + 1, found + [ColumnSource(elements: elements, rows: .scalar)], body)
      }
      return try offsets.withUnsafeBufferPointer { (buffer) throws(DSXError) in
        try collect(
          columns, next + 1, found + [ColumnSource(elements: elements, rows: .offsets(buffer))],
          body)
      }
    }
    switch columns[next].elements {
    case .int32(let values):
      return try values.withUnsafeBufferPointer { (buffer) throws(DSXError) in
        try go(.int32(buffer))
      }
    case .int64(let values):
      return try values.withUnsafeBufferPointer { (buffer) throws(DSXError) in
        try go(.int64(buffer))
      }
    case .float32(let values):
      return try values.withUnsafeBufferPointer { (buffer) throws(DSXError) in
        try go(.float32(buffer))
      }
    case .float64(let values):
      return try values.withUnsafeBufferPointer { (buffer) throws(DSXError) in
        try go(.float64(buffer))
      }
    case .bytes(let values):
      return try values.withUnsafeBufferPointer { (buffer) throws(DSXError) in
        try go(.bytes(buffer))
      }
    }
  }

  /// Throws when a column does not have the field's type, its rows or ascending offsets.
  private static func validate(_ column: Column, _ field: Field, rows: Int) throws(DSXError) {
    let fits =
      switch (column.elements, field.type) {
      case (.int32, .int32), (.int64, .int32), (.int64, .int64), (.int32, .int64),
        (.float32, .float32), (.float64, .float64), (.float32, .float64), (.bytes, .string),
        (.bytes, .bytes):
        true
      // A float32 scalar is stored as the double that is given; an array has four bytes an element.
      case (.float64, .float32): field.shape == nil
      default: false
      }
    guard fits else {
      throw DSXError(
        .malformed,
        "the field '\(field.name)' is \(field.typeText), but its column holds "
          + column.elements.name)
    }
    let needsOffsets = field.shape != nil || field.type == .string || field.type == .bytes
    guard needsOffsets == (column.offsets != nil) else {
      throw DSXError(
        .malformed,
        "the column of '\(field.name)' \(needsOffsets ? "needs" : "must not have") row offsets "
          + "(\(field.typeText))")
    }
    guard column.rows == rows else {
      throw DSXError(
        .malformed, "the column of '\(field.name)' has \(column.rows) rows instead of \(rows)")
    }
    guard let offsets = column.offsets else { return }
    var last = offsets.first ?? 0
    var ascending = last >= 0
    for offset in offsets {
      ascending = ascending && offset >= last
      last = offset
    }
    guard ascending, last <= column.elements.count else {
      throw DSXError(
        .malformed, "the row offsets of the column '\(field.name)' do not ascend within its values")
    }
  }
}

extension Column.Elements {
  /// `int32`, ... for messages.
  var name: String {
    switch self {
    case .int32: "int32"
    case .int64: "int64"
    case .float32: "float32"
    case .float64: "float64"
    case .bytes: "text or bytes"
    }
  }
}
