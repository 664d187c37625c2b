internal import DSXCore

/// Whether rows fulfil a condition, decided on the values of the pages.
extension BoundPredicate {
  /// Whether row `row` of a batch, which has the fields of the condition, fulfils it.
  ///
  /// Text is compared by its UTF-8 bytes, numbers exactly (an integer with a decimal number too). A NaN
  /// equals nothing and is neither less nor greater.
  func holds(_ batch: Batch, row: Int) -> Bool { holds(predicate, batch, row) }

  private func holds(_ predicate: RowPredicate, _ batch: Batch, _ row: Int) -> Bool {
    switch predicate {
    case .all(let parts): parts.allSatisfy { holds($0, batch, row) }
    case .any(let parts): parts.contains { holds($0, batch, row) }
    case .not(let part): !holds(part, batch, row)
    case .comparison(let name, let comparison, let value):
      compare(name, batch, row, value).fulfils(comparison)
    case .among(let name, let values):
      values.contains { compare(name, batch, row, $0) == .equal }
    case .between(let name, let low, let high):
      compare(name, batch, row, low).fulfils(.greaterOrEqual)
        && compare(name, batch, row, high).fulfils(.lessOrEqual)
    case .like(let name, let pattern):
      Self.text(name, batch, row).map { Self.matches($0, pattern: Array(pattern.utf8)[...]) }
        ?? false
    case .isNull: false
    }
  }

  /// How a value lies to a literal.
  enum Order {
    case less
    case equal
    case greater
    /// One of the two is NaN.
    case none

    func fulfils(_ comparison: RowPredicate.Operator) -> Bool {
      switch comparison {
      case .equal: self == .equal
      case .notEqual: self != .equal
      case .less: self == .less
      case .lessOrEqual: self == .less || self == .equal
      case .greater: self == .greater
      case .greaterOrEqual: self == .greater || self == .equal
      }
    }
  }

  private func compare(
    _ name: String, _ batch: Batch, _ row: Int, _ literal: RowPredicate.Literal
  ) -> Order {
    guard let column = batch[name] else { return .none }
    switch (column.elements, literal) {
    case (.int32(let values), .integer(let value)): return Self.order(Int64(values[row]), value)
    case (.int64(let values), .integer(let value)): return Self.order(values[row], value)
    case (.int32(let values), .float(let value)): return Self.order(Int64(values[row]), value)
    case (.int64(let values), .float(let value)): return Self.order(values[row], value)
    case (.float64(let values), .float(let value)): return Self.order(values[row], value)
    case (.float64(let values), .integer(let value)):
      switch Self.order(value, values[row]) {
      case .less: return .greater
      case .greater: return .less
      case let same: return same
      }
    case (.bytes, .text(let text)):
      guard let bytes = Self.text(name, batch, row) else { return .none }
      if bytes.elementsEqual(text.utf8) { return .equal }
      return bytes.lexicographicallyPrecedes(text.utf8) ? .less : .greater
    default: return .none
    }
  }

  private static func text(_ name: String, _ batch: Batch, _ row: Int) -> ArraySlice<UInt8>? {
    guard let column = batch[name], case .bytes(let bytes) = column.elements,
      let offsets = column.offsets
    else { return nil }
    return bytes[offsets[row]..<offsets[row + 1]]
  }

  private static func order<Value: Comparable>(_ left: Value, _ right: Value) -> Order {
    if left < right { return .less }
    if left > right { return .greater }
    return left == right ? .equal : .none
  }

  /// An integer and a double, exactly: neither is rounded.
  static func order(_ left: Int64, _ right: Double) -> Order {
    if right.isNaN { return .none }
    if right >= 0x1p63 { return .less }
    if right < -0x1p63 { return .greater }
    let whole = Int64(right)
    if left != whole { return left < whole ? .less : .greater }
    return order(Double(whole), right)
  }

  /// `%` stands for any text, `_` for one character; everything else for itself.
  static func matches(_ text: ArraySlice<UInt8>, pattern: ArraySlice<UInt8>) -> Bool {
    var (at, wanted) = (text.startIndex, pattern.startIndex)
    // Where to go on when the text behind the last % turns out not to match: one character later.
    var retry: (text: Int, pattern: Int)?
    func step(_ position: Int) -> Int {
      var next = position + 1
      while next < text.endIndex, text[next] & 0xc0 == 0x80 { next += 1 }
      return next
    }
    while at < text.endIndex {
      if wanted < pattern.endIndex, pattern[wanted] == UInt8(ascii: "%") {
        wanted += 1
        retry = (at, wanted)
      } else if wanted < pattern.endIndex, pattern[wanted] == UInt8(ascii: "_") {
        at = step(at)
        wanted += 1
      } else if wanted < pattern.endIndex, pattern[wanted] == text[at] {
        at += 1
        wanted += 1
      } else if let (from, rest) = retry {
        at = step(from)
        wanted = rest
        retry = (at, rest)
      } else {
        return false
      }
    }
    return pattern[wanted...].allSatisfy { $0 == UInt8(ascii: "%") }
  }
}
