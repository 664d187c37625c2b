public import DSXCore

/// A condition that is tested on whole batches: what pipelines filter with.
///
/// The language is `RowPredicate`'s, over the scalar columns of any schema. Missing values follow SQL: a
/// test of one is neither true nor false, NOT keeps it so, and a row is kept only when the whole is
/// true; `IS NULL` asks for them.
public struct RowCondition: Sendable {
  private let bound: BoundPredicate
  private let numbers: [String: Int]

  /// Reads a condition and looks its names up. Throws `usage` with the place in the text, `unknownName`
  /// for a column that is not there, `usage` for one that cannot be compared so.
  public init(_ text: String, schema: Schema) throws(DSXError) {
    bound = try BoundPredicate(
      RowPredicate(text), RecordSchema(schema, indexFields: []), onlyIndexed: false)
    var numbers: [String: Int] = [:]
    for (number, field) in schema.fields.enumerated() { numbers[field.name] = number }
    self.numbers = numbers
  }

  /// For each row of a batch of that schema whether the condition is true. A few nanoseconds a test and row.
  public func mask(_ batch: Batch) -> [Bool] {
    truths(bound.predicate, batch).map { $0 == Self.yes }
  }

  private static let no: UInt8 = 0
  private static let yes: UInt8 = 1
  private static let unknown: UInt8 = 2

  private func truths(_ predicate: RowPredicate, _ batch: Batch) -> [UInt8] {
    switch predicate {
    case .all(let parts):
      return parts.dropFirst().reduce(parts.first.map { truths($0, batch) } ?? []) { all, part in
        zip(all, truths(part, batch)).map { one, other in
          one == Self.no || other == Self.no ? Self.no : one == Self.yes ? other : one
        }
      }
    case .any(let parts):
      return parts.dropFirst().reduce(parts.first.map { truths($0, batch) } ?? []) { all, part in
        zip(all, truths(part, batch)).map { one, other in
          one == Self.yes || other == Self.yes ? Self.yes : one == Self.no ? other : one
        }
      }
    case .not(let part):
      return truths(part, batch).map { $0 == Self.unknown ? $0 : 1 - $0 }
    case .comparison(let name, let comparison, let value):
      return test(name, batch) { $0.order(value).fulfils(comparison) }
    case .among(let name, let values):
      return test(name, batch) { cell in values.contains { cell.order($0) == .equal } }
    case .between(let name, let low, let high):
      return test(name, batch) {
        $0.order(low).fulfils(.greaterOrEqual) && $0.order(high).fulfils(.lessOrEqual)
      }
    case .like(let name, let pattern):
      let wanted = Array(pattern.utf8)[...]
      return test(name, batch) { cell in
        if case .text(let bytes) = cell {
          BoundPredicate.matches(bytes, pattern: wanted)
        } else {
          false
        }
      }
    case .isNull(let name):
      guard let column = column(name, batch) else { return [] }
      return (0..<column.rows).map { column.isValid($0) ? Self.no : Self.yes }
    }
  }

  private func column(_ name: String, _ batch: Batch) -> Column? {
    numbers[name].map { batch.columns[$0] }
  }

  /// One value.
  private enum Cell {
    case integer(Int64)
    case number(Double)
    case text(ArraySlice<UInt8>)

    func order(_ literal: RowPredicate.Literal) -> BoundPredicate.Order {
      func plain<Value: Comparable>(_ left: Value, _ right: Value) -> BoundPredicate.Order {
        left < right ? .less : left > right ? .greater : left == right ? .equal : .none
      }
      switch (self, literal) {
      case (.integer(let value), .integer(let other)): return plain(value, other)
      case (.integer(let value), .float(let other)): return BoundPredicate.order(value, other)
      case (.number(let value), .float(let other)): return plain(value, other)
      case (.number(let value), .integer(let other)):
        switch BoundPredicate.order(other, value) {
        case .less: return .greater
        case .greater: return .less
        case let same: return same
        }
      case (.text(let bytes), .text(let text)):
        if bytes.elementsEqual(text.utf8) { return .equal }
        return bytes.lexicographicallyPrecedes(text.utf8) ? .less : .greater
      default: return .none
      }
    }
  }

  private func test(_ name: String, _ batch: Batch, _ holds: (Cell) -> Bool) -> [UInt8] {
    guard let column = column(name, batch) else { return [] }
    var result = [UInt8](repeating: Self.unknown, count: column.rows)
    func each(_ cell: (Int) -> Cell) {
      for row in result.indices where column.isValid(row) {
        result[row] = holds(cell(row)) ? Self.yes : Self.no
      }
    }
    switch column.elements {
    case .int32(let values): each { .integer(Int64(values[$0])) }
    case .int64(let values): each { .integer(values[$0]) }
    case .float32(let values): each { .number(Double(values[$0])) }
    case .float64(let values): each { .number(values[$0]) }
    case .bytes(let bytes):
      guard let offsets = column.offsets else { return result }
      each { .text(bytes[offsets[$0]..<offsets[$0 + 1]]) }
    }
    return result
  }
}
