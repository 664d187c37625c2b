internal import DSXCore

extension RecordMapping {
  /// The batch as it is stored: other names, and a field of validity for each nullable column.
  func converted(_ batch: Batch) -> Batch {
    var fields: [Field] = []
    var columns: [Column] = []
    for (place, field) in original.fields.enumerated() {
      var column = batch.columns[place]
      let validity = column.validity
      column.validity = nil
      if let validity, field.shape != nil { column = Self.filled(column, validity, field) }
      fields.append(Field(stored[place], field.type, shape: field.shape))
      columns.append(column)
      guard let mark = valid[place] else { continue }
      fields.append(Field(mark, .int32))
      columns.append(
        Column(.int32((0..<batch.rows).map { validity?[$0] ?? true ? 1 : 0 })))
    }
    return Batch(schema: Schema(fields), columns: columns, firstRow: batch.firstRow)
  }

  /// A stored batch as the data set's own columns.
  func restored(_ batch: Batch) throws(DSXError) -> Batch {
    var columns: [Column] = []
    for (place, field) in original.fields.enumerated() {
      guard var column = batch[stored[place]] else {
        throw DSXError(.corrupt, "the record set has no field '\(stored[place])'")
      }
      // A float32 scalar is read as the double that was written.
      if field.type == .float32, case .float64(let values) = column.elements {
        column.elements = .float32(values.map { Float($0) })
      }
      if let mark = valid[place], case .int32(let marks)? = batch[mark]?.elements {
        let validity = marks.map { $0 != 0 }
        if validity.contains(false) {
          column.validity = validity
          if column.offsets != nil { column = Self.emptied(column, validity) }
        }
      }
      columns.append(column)
    }
    return Batch(schema: original, columns: columns, firstRow: batch.firstRow)
  }

  /// Arrays have a shape to keep: a missing one is stored as zeros.
  private static func filled(_ column: Column, _ validity: [Bool], _ field: Field) -> Column {
    guard let offsets = column.offsets else { return column }
    let count = (field.shape ?? []).reduce(1) { $0 * max(1, $1) }
    return rebuilt(column, offsets) { row in
      validity[row] ? offsets[row]..<offsets[row + 1] : nil
    } missing: {
      count
    }
  }

  private static func emptied(_ column: Column, _ validity: [Bool]) -> Column {
    guard let offsets = column.offsets else { return column }
    var made = rebuilt(column, offsets) { row in
      validity[row] ? offsets[row]..<offsets[row + 1] : nil
    } missing: {
      0
    }
    made.validity = column.validity
    return made
  }

  /// The column with the ranges of its rows; `missing` zeros where there is none.
  private static func rebuilt(
    _ column: Column, _ offsets: [Int], _ range: (Int) -> Range<Int>?, missing: () -> Int
  ) -> Column {
    var made = [0]
    func gather<Element>(_ values: [Element], _ zero: Element) -> [Element] {
      var out: [Element] = []
      out.reserveCapacity(values.count)
      for row in 0..<(offsets.count - 1) {
        if let range = range(row) {
          out.append(contentsOf: values[range])
        } else {
          out.append(contentsOf: repeatElement(zero, count: missing()))
        }
        made.append(out.count)
      }
      return out
    }
    let elements: Column.Elements =
      switch column.elements {
      case .int32(let values): .int32(gather(values, 0))
      case .int64(let values): .int64(gather(values, 0))
      case .float32(let values): .float32(gather(values, 0))
      case .float64(let values): .float64(gather(values, 0))
      case .bytes(let values): .bytes(gather(values, 0))
      }
    return Column(elements, offsets: made)
  }
}

extension Batch {
  /// The batch without its first `count` rows.
  func droppingFirst(_ count: Int) -> Batch {
    guard count > 0 else { return self }
    let dropped = columns.map { column -> Column in
      let start = column.offsets?[count] ?? count
      let elements: Column.Elements =
        switch column.elements {
        case .int32(let values): .int32(Array(values[start...]))
        case .int64(let values): .int64(Array(values[start...]))
        case .float32(let values): .float32(Array(values[start...]))
        case .float64(let values): .float64(Array(values[start...]))
        case .bytes(let values): .bytes(Array(values[start...]))
        }
      return Column(
        elements, offsets: column.offsets.map { $0[count...].map { $0 - start } },
        validity: column.validity.map { Array($0[count...]) })
    }
    return Batch(schema: schema, columns: dropped, firstRow: firstRow + count)
  }
}
