internal import DSXCore

/// Choosing and joining rows of columns.
extension Column {
  /// The rows of these numbers, in this order. Linear in what is copied.
  func gather(_ rows: [Int]) -> Column {
    var column: Column
    if let offsets {
      var ends = [0]
      ends.reserveCapacity(rows.count + 1)
      var total = 0
      for row in rows {
        total += offsets[row + 1] - offsets[row]
        ends.append(total)
      }
      func pick<Element>(_ values: [Element]) -> [Element] {
        // An empty array is one for all threads: even its count must not be written.
        guard total > 0 else { return [] }
        return [Element](unsafeUninitializedCapacity: total) { buffer, count in
          values.withUnsafeBufferPointer { values in
            for row in rows {
              let part = values[offsets[row]..<offsets[row + 1]]
              _ = buffer[count...].initialize(from: part)
              count += part.count
            }
          }
        }
      }
      switch elements {
      case .int32(let values): column = Column(.int32(pick(values)), offsets: ends)
      case .int64(let values): column = Column(.int64(pick(values)), offsets: ends)
      case .float32(let values): column = Column(.float32(pick(values)), offsets: ends)
      case .float64(let values): column = Column(.float64(pick(values)), offsets: ends)
      case .bytes(let values): column = Column(.bytes(pick(values)), offsets: ends)
      }
    } else {
      switch elements {
      case .int32(let values): column = Column(.int32(rows.map { values[$0] }))
      case .int64(let values): column = Column(.int64(rows.map { values[$0] }))
      case .float32(let values): column = Column(.float32(rows.map { values[$0] }))
      case .float64(let values): column = Column(.float64(rows.map { values[$0] }))
      case .bytes(let values): column = Column(.bytes(rows.map { values[$0] }))
      }
    }
    if let validity { column.validity = rows.map { validity[$0] } }
    return column
  }

  /// A run of rows.
  func slice(_ rows: Range<Int>) -> Column {
    guard rows != 0..<self.rows else { return self }
    let range: Range<Int>
    var ends: [Int]?
    if let offsets {
      let start = offsets[rows.lowerBound]
      range = start..<offsets[rows.upperBound]
      ends = offsets[rows.lowerBound...rows.upperBound].map { $0 - start }
    } else {
      range = rows
    }
    let part: Elements =
      switch elements {
      case .int32(let values): .int32(Array(values[range]))
      case .int64(let values): .int64(Array(values[range]))
      case .float32(let values): .float32(Array(values[range]))
      case .float64(let values): .float64(Array(values[range]))
      case .bytes(let values): .bytes(Array(values[range]))
      }
    return Column(part, offsets: ends, validity: validity.map { Array($0[rows]) })
  }

  /// Columns of one type, one behind the other; nil when their types differ.
  static func joined(_ columns: [Column]) -> Column? {
    guard let first = columns.first else { return nil }
    guard columns.count > 1 else { return first }
    var result = first
    var valid = first.validity
    for column in columns.dropFirst() {
      if column.validity != nil || valid != nil {
        var known = valid ?? Array(repeating: true, count: result.rows)
        known += column.validity ?? Array(repeating: true, count: column.rows)
        valid = known
      }
      let base = result.elements.count
      guard result.elements.append(column.elements) else { return nil }
      switch (result.offsets == nil, column.offsets) {
      case (true, nil): break
      case (false, let offsets?):
        result.offsets?.append(contentsOf: offsets.dropFirst().lazy.map { $0 + base })
      default: return nil
      }
    }
    result.validity = valid
    return result
  }

  /// Whether offsets and validity fit the elements, so that no row reaches outside.
  var isConsistent: Bool {
    if let validity, validity.count != rows { return false }
    guard let offsets else { return true }
    guard offsets.first == 0, offsets.last == elements.count else { return false }
    return zip(offsets, offsets.dropFirst()).allSatisfy { $0 <= $1 }
  }
}

extension Column.Elements {
  /// Appends elements of the same type; false for another type.
  fileprivate mutating func append(_ other: Column.Elements) -> Bool {
    // The array is taken out of the enum first: else every append would copy it.
    switch (consume self, other) {
    case (.int32(var values), .int32(let more)):
      values += more
      self = .int32(values)
    case (.int64(var values), .int64(let more)):
      values += more
      self = .int64(values)
    case (.float32(var values), .float32(let more)):
      values += more
      self = .float32(values)
    case (.float64(var values), .float64(let more)):
      values += more
      self = .float64(values)
    case (.bytes(var values), .bytes(let more)):
      values += more
      self = .bytes(values)
    case (let old, _):
      self = old
      return false
    }
    return true
  }
}

extension FieldType {
  /// Whether a column's elements are of this type. A float32 scalar of a record file is kept as a double.
  func matches(_ elements: Column.Elements) -> Bool {
    switch (self, elements) {
    case (.int32, .int32), (.int64, .int64), (.float32, .float32), (.float32, .float64),
      (.float64, .float64), (.string, .bytes), (.bytes, .bytes):
      true
    default: false
    }
  }
}
