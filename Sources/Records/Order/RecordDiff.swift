public import DSXCore
internal import Glibc

/// What is different between two record sets: schema, number of rows, values.
///
/// Rows are compared by their numbers. Values are compared exactly, floats by their bits: -0.0 is not 0.0,
/// and a NaN equals only the same NaN. How the rows lie in files and pages does not matter.
public struct RecordDiff: Sendable {
  /// One value that differs.
  public struct Difference: Hashable, Sendable {
    /// The row's number in both sets.
    public var row: Int
    /// The field.
    public var field: String
    /// The value of the first set as JSON, cut after 200 bytes.
    public var left: String
    /// The value of the second set.
    public var right: String
  }

  /// Differences of the schemas, a line each.
  public var schema: [String] = []
  /// Rows of the first and of the second set.
  public var rows: (left: Int, right: Int)
  /// How many of the rows that both have differ in a field that both have.
  public var differingRows = 0
  /// The first differing values, in row order.
  public var differences: [Difference] = []

  /// Whether nothing is different.
  public var isEmpty: Bool { schema.isEmpty && rows.left == rows.right && differingRows == 0 }

  /// Compares two sets; of the differing values the first `limit` are kept. `fields`: only these.
  ///
  /// Fields that only one set has, or that have another type there, are differences of the schema and not
  /// compared further. Reads both sets once; memory does not grow with them. Throws what reading throws,
  /// and `unknownName` for a field that neither set has.
  public init(
    _ left: RecordReader, _ right: RecordReader, fields: [String]? = nil, limit: Int = 10,
    progress: (Int) -> Void = { _ in }
  ) throws(DSXError) {
    rows = (left.count, right.count)
    let all = left.schema.differences(from: right.schema)
    var names = left.schema.schema.fields.map(\.name)
    if let fields {
      _ = try left.numbers(of: fields)
      _ = try right.numbers(of: fields)
      schema = all.filter { line in fields.contains { line.hasPrefix("field '\($0)':") } }
      names = fields
    } else {
      schema = all
    }
    let common = names.filter { name in
      guard let ours = left.schema.schema.index(of: name),
        let theirs = right.schema.schema.index(of: name)
      else { return false }
      let (a, b) = (left.schema.schema.fields[ours], right.schema.schema.fields[theirs])
      // Shapes may differ in name only; the lengths of the rows are compared.
      return a.type == b.type && (a.shape == nil) == (b.shape == nil)
    }
    guard !common.isEmpty else { return }
    let size = min(left.suggestedBatchRows, right.suggestedBatchRows)
    let count = min(left.count, right.count)
    for start in stride(from: 0, to: count, by: size) {
      let range = start..<min(start + size, count)
      try compare(
        left.batch(range, fields: common), right.batch(range, fields: common), limit: limit)
      left.release(range)
      right.release(range)
      progress(range.upperBound)
    }
  }

  private mutating func compare(_ left: Batch, _ right: Batch, limit: Int) throws(DSXError) {
    // Most batches are equal as a whole: one comparison of memory a column.
    let unequal = left.columns.indices.filter { !left.columns[$0].isSame(right.columns[$0]) }
    guard !unequal.isEmpty else { return }
    let lines = (RowLines(left.schema), RowLines(right.schema))
    for row in 0..<left.rows {
      var isDifferent = false
      for position in unequal {
        guard !left.columns[position].isSame(right.columns[position], row: row) else { continue }
        isDifferent = true
        guard differences.count < limit else { continue }
        differences.append(
          Difference(
            row: left.firstRow + row, field: left.schema.fields[position].name,
            left: try lines.0.value(left, row: row, field: position),
            right: try lines.1.value(right, row: row, field: position)))
      }
      if isDifferent { differingRows += 1 }
    }
  }
}

extension Column {
  /// Whether all rows are the same, bit by bit.
  fileprivate func isSame(_ other: Column) -> Bool {
    guard elements.count == other.elements.count else { return false }
    guard let offsets else { return isSame(other, 0..<elements.count, 0..<elements.count) }
    return offsets == other.offsets
      && isSame(other, 0..<elements.count, 0..<other.elements.count)
  }

  /// Whether a row is the same, bit by bit.
  fileprivate func isSame(_ other: Column, row: Int) -> Bool {
    guard let offsets, let others = other.offsets else {
      return isSame(other, row..<row + 1, row..<row + 1)
    }
    return isSame(
      other, offsets[row]..<offsets[row + 1], others[row]..<others[row + 1])
  }

  private func isSame(_ other: Column, _ range: Range<Int>, _ others: Range<Int>) -> Bool {
    guard range.count == others.count else { return false }
    return switch (elements, other.elements) {
    case (.int32(let a), .int32(let b)): Self.bytes(a, range, b, others)
    case (.int64(let a), .int64(let b)): Self.bytes(a, range, b, others)
    case (.float32(let a), .float32(let b)): Self.bytes(a, range, b, others)
    case (.float64(let a), .float64(let b)): Self.bytes(a, range, b, others)
    case (.bytes(let a), .bytes(let b)): Self.bytes(a, range, b, others)
    default: false
    }
  }

  private static func bytes<Element: BitwiseCopyable>(
    _ a: [Element], _ range: Range<Int>, _ b: [Element], _ others: Range<Int>
  ) -> Bool {
    a[range].withUnsafeBytes { left in
      b[others].withUnsafeBytes { right in
        guard let one = left.baseAddress, let two = right.baseAddress else { return true }
        return memcmp(one, two, left.count) == 0
      }
    }
  }
}
