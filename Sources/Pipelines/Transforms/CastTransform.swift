public import DSXCore

extension BatchTransform {
  /// Scalar columns as another type, nothing lost: an integer that does not fit, a number with a fraction
  /// as integer, a text that is no number are errors with their row. Numbers become text in their shortest
  /// form; a float32 is the nearest one. What a column meant beyond its type is forgotten.
  public static func cast(_ columns: [(name: String, type: FieldType)]) -> BatchTransform {
    BatchTransform(
      "cast",
      parameters: [
        .init(
          "columns", .object(columns.map { .init($0.name, .string($0.type.rawValue)) }))
      ], isTrusted: true,
      schema: { (schema) throws(DSXError) in
        var schema = schema
        for (name, type) in columns {
          let number = try schema.number(of: name)
          let field = schema.fields[number]
          guard field.shape == nil else {
            throw DSXError(
              .usage, "the stage 'cast' changes single values, but '\(name)' is an array")
          }
          guard field.type == type || (field.type != .bytes || type == .string) else {
            throw DSXError(
              .usage, "the stage 'cast' cannot turn the bytes of '\(name)' into \(type.rawValue)")
          }
          guard type != .bytes || field.type == .string || field.type == .bytes else {
            throw DSXError(
              .usage, "the stage 'cast' cannot turn the \(field.type.rawValue) '\(name)' into bytes"
            )
          }
          schema.fields[number].type = type
          schema.fields[number].feature = .plain
        }
        return schema
      },
      make: { (schema) throws(DSXError) in
        var casts: [ColumnCast] = []
        var result = schema
        for (name, type) in columns {
          let number = try schema.number(of: name)
          casts.append(ColumnCast(number: number, name: name, type: type))
          result.fields[number].type = type
          result.fields[number].feature = .plain
        }
        let (chosen, fields) = (casts, result)
        return { (batch) throws(DSXError) in
          var batch = batch
          batch.schema = fields
          for cast in chosen {
            batch.columns[cast.number] = try cast.apply(
              batch.columns[cast.number], firstRow: batch.firstRow)
          }
          return batch
        }
      })
  }
}

/// One column's change of type.
struct ColumnCast: Sendable {
  let number: Int
  let name: String
  let type: FieldType

  func apply(_ column: Column, firstRow: Int) throws(DSXError) -> Column {
    func fault(_ row: Int, _ value: String) -> DSXError {
      DSXError(
        .malformed, "the value \(value) of '\(name)' is no \(type.rawValue)", row: firstRow + row)
    }
    func text(_ row: Int) -> String { column.string(row) ?? "" }
    switch type {
    case .int32, .int64:
      var values: [Int64] = []
      values.reserveCapacity(column.rows)
      for row in 0..<column.rows {
        let value: Int64?
        let shown: String
        switch column.elements {
        case .int32(let numbers): (value, shown) = (Int64(numbers[row]), "\(numbers[row])")
        case .int64(let numbers): (value, shown) = (numbers[row], "\(numbers[row])")
        case .float32(let numbers):
          (value, shown) = (Int64(exactly: numbers[row]), "\(numbers[row])")
        case .float64(let numbers):
          (value, shown) = (Int64(exactly: numbers[row]), "\(numbers[row])")
        case .bytes:
          let digits = text(row)
          (value, shown) = (Int64(digits), "'\(digits.prefix(40))'")
        }
        guard column.isValid(row) else {
          values.append(0)
          continue
        }
        guard let value, type == .int64 || Int32(exactly: value) != nil else {
          throw fault(row, shown)
        }
        values.append(value)
      }
      if type == .int64 { return Column(.int64(values), validity: column.validity) }
      return Column(
        .int32(values.map { Int32(truncatingIfNeeded: $0) }), validity: column.validity)
    case .float32, .float64:
      var values: [Double] = []
      values.reserveCapacity(column.rows)
      for row in 0..<column.rows {
        let value: Double?
        switch column.elements {
        case .int32(let numbers): value = Double(numbers[row])
        case .int64(let numbers): value = Double(numbers[row])
        case .float32(let numbers): value = Double(numbers[row])
        case .float64(let numbers): value = numbers[row]
        case .bytes: value = column.isValid(row) ? Double(text(row)) : 0
        }
        guard let value else { throw fault(row, "'\(text(row).prefix(40))'") }
        values.append(value)
      }
      if type == .float64 { return Column(.float64(values), validity: column.validity) }
      return Column(.float32(values.map { Float($0) }), validity: column.validity)
    case .string, .bytes:
      if case .bytes(let bytes) = column.elements {
        if type == .string, let offsets = column.offsets {
          for row in 0..<column.rows {
            let valid = Array(bytes[offsets[row]..<offsets[row + 1]]).withUnsafeBytes {
              UTF8Validation.firstInvalid($0) == nil
            }
            guard valid else { throw fault(row, "(bytes that are not UTF-8)") }
          }
        }
        return column
      }
      let texts = (0..<column.rows).map { row -> String in
        guard column.isValid(row) else { return "" }
        return switch column.elements {
        case .int32(let numbers): "\(numbers[row])"
        case .int64(let numbers): "\(numbers[row])"
        case .float32(let numbers): "\(numbers[row])"
        case .float64(let numbers): "\(numbers[row])"
        case .bytes: ""
        }
      }
      var result = Column(strings: texts)
      result.validity = column.validity
      return result
    }
  }
}
