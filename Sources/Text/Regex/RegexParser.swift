internal import DSXCore

/// Reads a regular expression in Oniguruma's Ruby syntax, as the tokenizers library takes it.
///
/// What it does not know is an error that names the construct and its place.
struct RegexParser {
  private let scalars: [UInt32]
  private var at = 0
  private var ignoresCase = false
  private var dotMatchesAll = false
  private var depth = 0

  /// The tree of a pattern.
  static func parse(_ pattern: String) throws(DSXError) -> RegexNode {
    var parser = RegexParser(scalars: pattern.unicodeScalars.map(\.value))
    let node = try parser.alternation()
    guard parser.at == parser.scalars.count else { throw parser.malformed("an unmatched ')'") }
    return node
  }

  private init(scalars: [UInt32]) { self.scalars = scalars }

  private func unsupported(_ what: String) -> DSXError {
    DSXError(
      .unsupported,
      "the regular expression has \(what) at character \(at), which dsx does not support",
      hint: "docs/tokenize.md lists what is supported")
  }

  private func malformed(_ what: String) -> DSXError {
    DSXError(.malformed, "the regular expression has \(what) at character \(at)")
  }

  private var next: UInt32? { at < scalars.count ? scalars[at] : nil }

  private func looking(at text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard at + count <= scalars.count else { return false }
    return (0..<count).allSatisfy { scalars[at + $0] == UInt32(text.utf8Start[$0]) }
  }

  private mutating func take(_ text: StaticString) -> Bool {
    guard looking(at: text) else { return false }
    at += text.utf8CodeUnitCount
    return true
  }

  private mutating func alternation() throws(DSXError) -> RegexNode {
    depth += 1
    defer { depth -= 1 }
    guard depth <= 64 else { throw unsupported("groups nested more than 64 deep") }
    var parts = [try sequence()]
    while take("|") { parts.append(try sequence()) }
    return parts.count == 1 ? parts[0] : .alternation(parts)
  }

  private mutating func sequence() throws(DSXError) -> RegexNode {
    var parts: [RegexNode] = []
    while let scalar = next, scalar != UInt32(UInt8(ascii: "|")),
      scalar != UInt32(UInt8(ascii: ")"))
    {
      let start = at
      let node = try atom()
      parts.append(try repeats(node))
      if ignoresCase { try checkFolding(from: start) }
    }
    return parts.count == 1 ? parts[0] : parts.isEmpty ? .empty : .sequence(parts)
  }

  /// Without regard to case two letters can stand for one character (`ss` for ß, `st` for a
  /// ligature): refused.
  private func checkFolding(from start: Int) throws(DSXError) {
    guard start > 0 else { return }
    let pair = String(
      String.UnicodeScalarView(scalars[start - 1...start].compactMap(Unicode.Scalar.init)))
    if ["ss", "st", "ff", "fi", "fl", "SS", "ST", "FF", "FI", "FL"].contains(pair) {
      throw unsupported("'\(pair)' without regard to case")
    }
  }

  private mutating func repeats(_ node: RegexNode) throws(DSXError) -> RegexNode {
    var node = node
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
      node = .repeated(node, minimum: minimum, maximum: maximum, kind)
    }
    return node
  }

  /// `x{n,m}+`: with n = 1 the same matches as `x+`.
  private func twice(_ node: RegexNode, _ minimum: Int, _ maximum: Int) throws(DSXError)
    -> RegexNode
  {
    guard minimum == 1, case .set = node else {
      throw unsupported("'+' behind a counted repetition that does not begin with 1")
    }
    return .repeated(node, minimum: 1, maximum: .max, .greedy)
  }

  /// `{n}`, `{n,}`, `{n,m}`, `{,m}`; nil when the brace is an ordinary character.
  private mutating func counts() throws(DSXError) -> (Int, Int)? {
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

  private mutating func atom() throws(DSXError) -> RegexNode {
    guard let scalar = next else { return .empty }
    switch scalar {
    case UInt32(UInt8(ascii: "(")): return try group()
    case UInt32(UInt8(ascii: "[")):
      at += 1
      return .set(try bracket())
    case UInt32(UInt8(ascii: ".")):
      at += 1
      return .set(dotMatchesAll ? ScalarSet().negated() : ScalarSet(0x0a).negated())
    case UInt32(UInt8(ascii: "^")):
      at += 1
      return .anchor(.lineStart)
    case UInt32(UInt8(ascii: "$")):
      at += 1
      return .anchor(.lineEnd)
    case UInt32(UInt8(ascii: "\\")):
      if let anchor = anchor() { return .anchor(anchor) }
      return .set(try escape(inBracket: false))
    case UInt32(UInt8(ascii: "*")), UInt32(UInt8(ascii: "+")), UInt32(UInt8(ascii: "?")):
      throw malformed("a repetition of nothing")
    default:
      at += 1
      return .set(try literal(scalar))
    }
  }

  private mutating func anchor() -> RegexAnchor? {
    if take("\\A") { return .textStart }
    if take("\\z") { return .textEnd }
    if take("\\Z") { return .textEndBeforeLineFeed }
    if take("\\b") { return .wordBoundary }
    if take("\\B") { return .noWordBoundary }
    return nil
  }

  /// One character, in both cases where case is ignored.
  private func literal(_ scalar: UInt32) throws(DSXError) -> ScalarSet {
    var set = ScalarSet(scalar)
    if ignoresCase { try fold(&set, scalar) }
    return set
  }

  private func fold(_ set: inout ScalarSet, _ scalar: UInt32) throws(DSXError) {
    switch scalar {
    case 0x41...0x5a, 0x61...0x7a:
      set.insert((scalar ^ 0x20)...(scalar ^ 0x20))
      if scalar | 0x20 == 0x73 { set.insert(0x17f...0x17f) }
      if scalar | 0x20 == 0x6b { set.insert(0x212a...0x212a) }
    case 0x80...:
      guard let letter = Unicode.Scalar(scalar), !letter.properties.isCased else {
        throw unsupported("a letter beyond ASCII without regard to case")
      }
    default: break
    }
  }

  private mutating func group() throws(DSXError) -> RegexNode {
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

  private mutating func flags() throws(DSXError) {
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

  private mutating func closed(_ node: RegexNode, _ savedCase: Bool, _ savedDot: Bool)
    throws(DSXError) -> RegexNode
  {
    guard take(")") else { throw malformed("a group without ')'") }
    (ignoresCase, dotMatchesAll) = (savedCase, savedDot)
    return node
  }

  /// A class in brackets, behind its `[`.
  private mutating func bracket() throws(DSXError) -> ScalarSet {
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
  private mutating func intersection() throws(DSXError) -> ScalarSet {
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
  private mutating func member(_ set: inout ScalarSet) throws(DSXError) {
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
  private mutating func boundary() throws(DSXError) -> (UInt32, ScalarSet?) {
    guard let scalar = next else { throw malformed("a class without ']'") }
    guard scalar == UInt32(UInt8(ascii: "\\")) else {
      at += 1
      return (scalar, nil)
    }
    if let code = try characterEscape() { return (code, nil) }
    return (0, try escape(inBracket: true))
  }

  /// An escape that stands for one character; nil for one that stands for a set.
  private mutating func characterEscape() throws(DSXError) -> UInt32? {
    guard at + 1 < scalars.count else { throw malformed("a '\\' at its end") }
    let letter = scalars[at + 1]
    switch letter {
    case UInt32(UInt8(ascii: "n")): return code(0x0a)
    case UInt32(UInt8(ascii: "r")): return code(0x0d)
    case UInt32(UInt8(ascii: "t")): return code(0x09)
    case UInt32(UInt8(ascii: "f")): return code(0x0c)
    case UInt32(UInt8(ascii: "v")): return code(0x0b)
    case UInt32(UInt8(ascii: "a")): return code(0x07)
    case UInt32(UInt8(ascii: "e")): return code(0x1b)
    case UInt32(UInt8(ascii: "x")):
      at += 2
      if take("{") {
        let value = try hex(1...8)
        guard take("}") else { throw malformed("an escape without '}'") }
        return value
      }
      let value = try hex(1...2)
      if value > 0x7f { throw unsupported("a byte escape beyond ASCII") }
      return value
    case UInt32(UInt8(ascii: "u")):
      at += 2
      return try hex(4...4)
    default:
      guard let scalar = Unicode.Scalar(letter), scalar.isASCII else { return code(letter) }
      let isWord =
        (letter | 0x20 >= 0x61 && letter | 0x20 <= 0x7a) || (0x30...0x39).contains(letter)
      return isWord ? nil : code(letter)
    }
  }

  private mutating func code(_ value: UInt32) -> UInt32 {
    at += 2
    return value
  }

  private mutating func hex(_ lengths: ClosedRange<Int>) throws(DSXError) -> UInt32 {
    var value: UInt32 = 0
    var count = 0
    while count < lengths.upperBound, let scalar = next, let letter = Unicode.Scalar(scalar),
      let digit = Character(letter).hexDigitValue
    {
      value = value << 4 | UInt32(digit)
      count += 1
      at += 1
    }
    guard count >= lengths.lowerBound, value < 0x110000 else {
      throw malformed("an escape without its hexadecimal digits")
    }
    return value
  }

  private mutating func escape(inBracket: Bool) throws(DSXError) -> ScalarSet {
    if let code = try characterEscape() { return try literal(code) }
    let letter = scalars[at + 1]
    let name = Unicode.Scalar(letter).map { String(Character($0)) } ?? "?"
    switch name {
    case "s", "S", "d", "D", "w", "W", "h", "H":
      at += 2
      let set: ScalarSet
      switch name.lowercased() {
      case "s": set = ScalarSet(.space)
      case "d": set = ScalarSet(categories: [.nd])
      case "w": set = ScalarSet(.onigWord)
      default:
        var digits = ScalarSet(0x30...0x39)
        digits.insert(0x41...0x46)
        digits.insert(0x61...0x66)
        set = digits
      }
      return name == name.lowercased() ? set : set.negated()
    case "p", "P": return try property(negated: name == "P")
    default:
      throw unsupported(
        (0x30...0x39).contains(letter) ? "a back-reference" : "the escape '\\\(name)'")
    }
  }

  private mutating func property(negated: Bool) throws(DSXError) -> ScalarSet {
    let start = at
    at += 2
    guard take("{") else { throw malformed("'\\p' without its braces") }
    let isCaret = take("^")
    guard let end = scalars[at...].firstIndex(of: UInt32(UInt8(ascii: "}"))) else {
      throw malformed("'\\p{' without '}'")
    }
    let name = String(
      String.UnicodeScalarView(scalars[at..<end].compactMap(Unicode.Scalar.init)))
    at = end + 1
    guard let set = ScalarSet(propertyNamed: name) else {
      at = start
      throw unsupported("the property '\\p{\(name)}'")
    }
    if ignoresCase, ["lu", "ll", "lt", "upper", "lower"].contains(name.lowercased()) {
      at = start
      throw unsupported("'\\p{\(name)}' without regard to case")
    }
    return negated != isCaret ? set.negated() : set
  }
}

extension ScalarSet {
  /// The set of `\p{name}`: a general category, a group of them, or a script.
  init?(propertyNamed name: String) {
    let plain = String(
      decoding: name.utf8.filter { $0 != 0x5f && $0 != 0x20 && $0 != 0x2d }, as: UTF8.self
    ).lowercased()
    if plain == "any" {
      self = ScalarSet().negated()
      return
    }
    let long = [
      "letter": "l", "number": "n", "punctuation": "p", "symbol": "s", "mark": "m",
      "separator": "z", "other": "c", "uppercaseletter": "lu", "lowercaseletter": "ll",
      "decimalnumber": "nd", "nonspacingmark": "mn",
    ]
    let short = long[plain] ?? plain
    let found = UnicodeTables.Category.allCases.filter { category in
      let own = "\(category)"
      return own == short || (short.utf8.count == 1 && own.hasPrefix(short))
    }
    if !found.isEmpty {
      self.init(categories: found)
      return
    }
    guard let script = UnicodeTables.scripts.firstIndex(where: { $0.lowercased() == plain }) else {
      return nil
    }
    self.init(script: UInt8(script + 1))
  }
}
