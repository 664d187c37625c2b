internal import DSXCore

/// What follows a backslash.
extension RegexParser {
  /// An escape that stands for one character; nil for one that stands for a set.
  mutating func characterEscape() throws(DSXError) -> UInt32? {
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

  mutating func code(_ value: UInt32) -> UInt32 {
    at += 2
    return value
  }

  mutating func hex(_ lengths: ClosedRange<Int>) throws(DSXError) -> UInt32 {
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

  mutating func escape(inBracket: Bool) throws(DSXError) -> ScalarSet {
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

  mutating func property(negated: Bool) throws(DSXError) -> ScalarSet {
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
