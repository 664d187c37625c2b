internal import DSXCore

/// What SQLite is asked: a condition that holds for every row that fulfils the true one, and for few others.
///
/// The index may know less than the pages: text is cut at its first NUL, floats may have been rounded to 15
/// digits by other writers, NaN becomes NULL. So each test is widened until it cannot miss a row; the rows
/// that come back are tested again on the values of the pages (`holds`).
///
/// | test | asked |
/// |---|---|
/// | integer = != < <= > >=, IN, BETWEEN | the same: integers are exact |
/// | text =, IN | = the text up to its first NUL |
/// | text < <= ; > >= | <= ; >= the text up to its first NUL |
/// | text !=, NOT IN, NOT LIKE | every row |
/// | LIKE 'abc%' | the first characters are those before the first wildcard |
/// | float = | between the neighbours at a distance of 1e-14 of the value |
/// | float < <= ; > >= | <= ; >= those neighbours |
/// | float !=, NOT IN | every row |
/// | NULL in the index | always asked for |
struct PredicateSQL {
  private(set) var text = ""
  private(set) var values: [RowPredicate.Literal] = []
  private let bound: BoundPredicate

  /// The SQL condition and its parameters, in order.
  init(_ bound: BoundPredicate) {
    self.bound = bound
    text = write(bound.predicate, negated: false)
  }

  /// A column of INDEXES. Names were checked to be letters, digits and '_' when the file was opened; a
  /// quote would be doubled all the same. With the table's name SQLite never takes it for a string.
  static func column(_ field: String) -> String {
    var quoted: [UInt8] = []
    for byte in field.utf8 {
      if byte == UInt8(ascii: "\"") { quoted.append(byte) }
      quoted.append(byte)
    }
    return "INDEXES.\"" + String(decoding: quoted, as: UTF8.self) + "_0\""
  }

  private mutating func write(_ predicate: RowPredicate, negated: Bool) -> String {
    switch predicate {
    case .all(let parts): return join(parts, negated ? "OR" : "AND", negated)
    case .any(let parts): return join(parts, negated ? "AND" : "OR", negated)
    case .not(let part): return write(part, negated: !negated)
    case .comparison(let name, let comparison, let value):
      return test(name, negated ? comparison.opposite : comparison, value)
    case .among(let name, let literals):
      return negated ? "1" : among(name, literals)
    case .between(let name, let low, let high):
      guard negated else {
        let parts = [test(name, .greaterOrEqual, low), test(name, .lessOrEqual, high)]
        return "(" + parts.joined(separator: " AND ") + ")"
      }
      let parts = [test(name, .less, low), test(name, .greater, high)]
      return "(" + parts.joined(separator: " OR ") + ")"
    case .like(let name, let pattern): return negated ? "1" : prefix(name, pattern)
    case .isNull: return negated ? "1" : "0"
    }
  }

  private mutating func join(_ parts: [RowPredicate], _ word: String, _ negated: Bool) -> String {
    var texts: [String] = []
    for part in parts { texts.append(write(part, negated: negated)) }
    return "(" + texts.joined(separator: " \(word) ") + ")"
  }

  private mutating func bind(_ value: RowPredicate.Literal) -> String {
    values.append(value)
    return "?\(values.count)"
  }

  private mutating func test(
    _ name: String, _ comparison: RowPredicate.Operator, _ value: RowPredicate.Literal
  ) -> String {
    let column = Self.column(name)
    func either(_ test: String) -> String { "(\(column) IS NULL OR \(test))" }
    switch value {
    case .text(let text):
      let cut = RowPredicate.Literal.text(Self.cut(text))
      switch comparison {
      case .equal: return either("\(column) = \(bind(cut))")
      case .less, .lessOrEqual: return either("\(column) <= \(bind(cut))")
      case .greater, .greaterOrEqual: return either("\(column) >= \(bind(cut))")
      case .notEqual: return "1"
      }
    case .integer(let number) where bound.field(name)?.type.isFloat == true:
      return float(column, comparison, Double(number), either)
    case .float(let number) where bound.field(name)?.type.isFloat == true:
      return float(column, comparison, number, either)
    case .integer, .float:
      return either("\(column) \(comparison.rawValue) \(bind(value))")
    }
  }

  private mutating func float(
    _ column: String, _ comparison: RowPredicate.Operator, _ value: Double,
    _ either: (String) -> String
  ) -> String {
    // The smallest normal number covers values that were rounded to 0.
    let margin = value.magnitude * 1e-14 + Double.leastNormalMagnitude
    let low = RowPredicate.Literal.float(max(value - margin, -.greatestFiniteMagnitude))
    let high = RowPredicate.Literal.float(min(value + margin, .greatestFiniteMagnitude))
    switch comparison {
    case .equal: return either("\(column) BETWEEN \(bind(low)) AND \(bind(high))")
    case .less, .lessOrEqual: return either("\(column) <= \(bind(high))")
    case .greater, .greaterOrEqual: return either("\(column) >= \(bind(low))")
    case .notEqual: return "1"
    }
  }

  /// One of some values. Exact values make one IN; floats make a test each, and a long list of them every
  /// row, since SQLite limits how deep a condition is.
  private mutating func among(_ name: String, _ literals: [RowPredicate.Literal]) -> String {
    let isFloat = bound.field(name)?.type.isFloat == true
    guard !isFloat else {
      guard literals.count <= 100 else { return "1" }
      var tests: [String] = []
      for literal in literals { tests.append(test(name, .equal, literal)) }
      return "(" + tests.joined(separator: " OR ") + ")"
    }
    var marks: [String] = []
    for literal in literals {
      switch literal {
      case .text(let text): marks.append(bind(.text(Self.cut(text))))
      default: marks.append(bind(literal))
      }
    }
    let column = Self.column(name)
    return "(\(column) IS NULL OR \(column) IN (\(marks.joined(separator: ","))))"
  }

  private mutating func prefix(_ name: String, _ pattern: String) -> String {
    let start = Self.cut(
      String(
        decoding: pattern.utf8.prefix { $0 != UInt8(ascii: "%") && $0 != UInt8(ascii: "_") },
        as: UTF8.self))
    let count = start.unicodeScalars.count
    guard count > 0 else { return "1" }
    let column = Self.column(name)
    return
      "(\(column) IS NULL OR substr(\(column), 1, \(count)) = \(bind(.text(start))))"
  }

  /// The text up to its first NUL, as the index holds it.
  static func cut(_ text: String) -> String {
    String(decoding: text.utf8.prefix { $0 != 0 }, as: UTF8.self)
  }
}

extension RowPredicate.Operator {
  /// What holds when this does not (but for NaN, which the index holds as NULL).
  var opposite: Self {
    switch self {
    case .equal: .notEqual
    case .notEqual: .equal
    case .less: .greaterOrEqual
    case .lessOrEqual: .greater
    case .greater: .lessOrEqual
    case .greaterOrEqual: .less
    }
  }
}
