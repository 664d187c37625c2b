internal import DSXCore

/// Sets in brackets.
extension RegexParser {
  /// A class in brackets, behind its `[`.
  mutating func bracket() throws(DSXError) -> ScalarSet {
    depth += 1
    defer { depth -= 1 }
    guard depth <= 64 else { throw unsupported("classes nested more than 64 deep") }
    let isNegated = take("^")
    var set = ScalarSet()
    var isFirst = true
    while true {
      guard let scalar = next else { throw malformed("a class without ']'") }
      if scalar == UInt32(UInt8(ascii: "]")), !isFirst {
        at += 1
        break
      }
      isFirst = false
      if looking(at: "[:") { throw unsupported("a POSIX class [:...:]") }
      if take("[") {
        set.insert(try bracket())
        continue
      }
      if take("&&") {
        set.intersect(try intersection())
        break
      }
      try member(&set)
    }
    return isNegated ? set.negated() : set
  }

  /// What stands behind `&&`, up to and with the closing bracket.
  mutating func intersection() throws(DSXError) -> ScalarSet {
    depth += 1
    defer { depth -= 1 }
    guard depth <= 64 else { throw unsupported("classes nested more than 64 deep") }
    var set = ScalarSet()
    while true {
      guard next != nil else { throw malformed("a class without ']'") }
      if take("]") { return set }
      if take("&&") {
        set.intersect(try intersection())
        return set
      }
      if looking(at: "[:") { throw unsupported("a POSIX class [:...:]") }
      if take("[") {
        set.insert(try bracket())
      } else {
        try member(&set)
      }
    }
  }

  /// A character, a range or an escape inside brackets.
  mutating func member(_ set: inout ScalarSet) throws(DSXError) {
    let (first, firstSet) = try boundary()
    if let firstSet {
      set.insert(firstSet)
      return
    }
    guard looking(at: "-"), at + 1 < scalars.count, scalars[at + 1] != UInt32(UInt8(ascii: "]"))
    else {
      set.insert(first...first)
      if ignoresCase { try fold(&set, first) }
      return
    }
    at += 1
    let (last, lastSet) = try boundary()
    guard lastSet == nil, last >= first else { throw malformed("a range of no order") }
    set.insert(first...last)
    if ignoresCase {
      guard last < 0x80 else {
        throw unsupported("a range beyond ASCII without regard to case")
      }
      for scalar in first...last { try fold(&set, scalar) }
    }
  }

  /// One end of a range: a character, or a set that has no order.
  mutating func boundary() throws(DSXError) -> (UInt32, ScalarSet?) {
    guard let scalar = next else { throw malformed("a class without ']'") }
    guard scalar == UInt32(UInt8(ascii: "\\")) else {
      at += 1
      return (scalar, nil)
    }
    if let code = try characterEscape() { return (code, nil) }
    return (0, try escape(inBracket: true))
  }
}
