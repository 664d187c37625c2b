internal import DSXCore

/// Repetitions, groups and flags.
extension RegexParser {
  mutating func repeats(_ node: RegexNode) throws(DSXError) -> RegexNode {
    var node = node
    var nesting = 0
    while let scalar = next {
      let (minimum, maximum): (Int, Int)
      var isCounted = false
      switch scalar {
      case UInt32(UInt8(ascii: "*")): (minimum, maximum) = (0, .max)
      case UInt32(UInt8(ascii: "+")): (minimum, maximum) = (1, .max)
      case UInt32(UInt8(ascii: "?")): (minimum, maximum) = (0, 1)
      case UInt32(UInt8(ascii: "{")):
        guard let bounds = try counts() else { return node }
        (minimum, maximum) = bounds
        isCounted = true
        at -= 1
      default: return node
      }
      at += 1
      var kind = RegexRepeat.greedy
      if take("?") {
        kind = .lazy
      } else if looking(at: "+") {
        at += 1
        // Ruby's syntax: a counted repetition is repeated, not made possessive.
        if isCounted {
          node = try twice(node, minimum, maximum)
          continue
        }
        kind = .possessive
      }
      if node.canBeEmpty, maximum > 1 {
        throw unsupported("a repeated group that can be empty")
      }
      nesting += 1
      guard nesting <= 32 else { throw unsupported("more than 32 repetitions of one thing") }
      node = .repeated(node, minimum: minimum, maximum: maximum, kind)
    }
    return node
  }

  /// `x{n,m}+`: with n = 1 the same matches as `x+`.
  func twice(_ node: RegexNode, _ minimum: Int, _ maximum: Int) throws(DSXError)
    -> RegexNode
  {
    guard minimum == 1, case .set = node else {
      throw unsupported("'+' behind a counted repetition that does not begin with 1")
    }
    return .repeated(node, minimum: 1, maximum: .max, .greedy)
  }

  /// `{n}`, `{n,}`, `{n,m}`, `{,m}`; nil when the brace is an ordinary character.
  mutating func counts() throws(DSXError) -> (Int, Int)? {
    var end = at + 1
    var numbers: [Int?] = [nil]
    while end < scalars.count, scalars[end] != UInt32(UInt8(ascii: "}")) {
      switch scalars[end] {
      case UInt32(UInt8(ascii: ",")) where numbers.count == 1: numbers.append(nil)
      case UInt32(UInt8(ascii: "0"))...UInt32(UInt8(ascii: "9")):
        let digit = Int(scalars[end] - UInt32(UInt8(ascii: "0")))
        let value = (numbers[numbers.count - 1] ?? 0) * 10 + digit
        guard value <= 1000 else { throw unsupported("a repetition of more than 1000") }
        numbers[numbers.count - 1] = value
      default: return nil
      }
      end += 1
    }
    guard end < scalars.count, numbers.contains(where: { $0 != nil }) else { return nil }
    at = end + 1
    let minimum = numbers[0] ?? 0
    let maximum = numbers.count == 1 ? minimum : numbers[1] ?? .max
    guard minimum <= maximum else { throw unsupported("a repetition with its bounds reversed") }
    return (minimum, maximum)
  }

  mutating func group() throws(DSXError) -> RegexNode {
    let (savedCase, savedDot) = (ignoresCase, dotMatchesAll)
    if take("(?:") {
      return try closed(alternation(), savedCase, savedDot)
    }
    if take("(?>") { return .atomic(try closed(alternation(), savedCase, savedDot)) }
    for (opening, behind, negative) in [
      ("(?=" as StaticString, false, false), ("(?!", false, true), ("(?<=", true, false),
      ("(?<!", true, true),
    ] where take(opening) {
      let node = try closed(alternation(), savedCase, savedDot)
      if behind {
        guard case .set = node else {
          throw unsupported("a look-behind of more than one character")
        }
      }
      return .look(node, behind: behind, negative: negative)
    }
    if looking(at: "(?<") || looking(at: "(?'") {
      guard let end = scalars[at...].firstIndex(of: UInt32(UInt8(ascii: ">"))) else {
        throw malformed("a group name without end")
      }
      at = end + 1
      return try closed(alternation(), savedCase, savedDot)
    }
    if take("(?") {
      try flags()
      if take(")") {
        // Until the group around it ends: the rest of it is read here.
        let node = try alternation()
        (ignoresCase, dotMatchesAll) = (savedCase, savedDot)
        return node
      }
      guard take(":") else { throw unsupported("an unknown kind of group") }
      return try closed(alternation(), savedCase, savedDot)
    }
    at += 1
    return try closed(alternation(), savedCase, savedDot)
  }

  mutating func flags() throws(DSXError) {
    var isOn = true
    while let scalar = next, scalar != UInt32(UInt8(ascii: ")")),
      scalar != UInt32(UInt8(ascii: ":"))
    {
      switch scalar {
      case UInt32(UInt8(ascii: "-")): isOn = false
      case UInt32(UInt8(ascii: "i")): ignoresCase = isOn
      case UInt32(UInt8(ascii: "m")): dotMatchesAll = isOn
      default: throw unsupported("the group option of another letter than i and m")
      }
      at += 1
    }
  }

  mutating func closed(_ node: RegexNode, _ savedCase: Bool, _ savedDot: Bool)
    throws(DSXError) -> RegexNode
  {
    guard take(")") else { throw malformed("a group without ')'") }
    (ignoresCase, dotMatchesAll) = (savedCase, savedDot)
    return node
  }
}
