internal import DSXCore

/// Reads a regular expression in Oniguruma's Ruby syntax, as the tokenizers library takes it.
///
/// What it does not know is an error that names the construct and its place.
struct RegexParser {
  let scalars: [UInt32]
  var at = 0
  var ignoresCase = false
  var dotMatchesAll = false
  var depth = 0
  /// The longest pattern, in code points: as many as a program can have instructions.
  private static let longest = RegexProgram.sizeLimit

  /// The tree of a pattern.
  static func parse(_ pattern: String) throws(DSXError) -> RegexNode {
    var parser = RegexParser(scalars: pattern.unicodeScalars.map(\.value))
    guard parser.scalars.count <= longest else {
      throw DSXError(
        .unsupported, "the regular expression has more than \(longest) characters")
    }
    let node = try parser.alternation()
    guard parser.at == parser.scalars.count else { throw parser.malformed("an unmatched ')'") }
    return node
  }

  private init(scalars: [UInt32]) { self.scalars = scalars }

  func unsupported(_ what: String) -> DSXError {
    DSXError(
      .unsupported,
      "the regular expression has \(what) at character \(at), which dsx does not support",
      hint: "docs/tokenize.md lists what is supported")
  }

  func malformed(_ what: String) -> DSXError {
    DSXError(.malformed, "the regular expression has \(what) at character \(at)")
  }

  var next: UInt32? { at < scalars.count ? scalars[at] : nil }

  func looking(at text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard at + count <= scalars.count else { return false }
    return (0..<count).allSatisfy { scalars[at + $0] == UInt32(text.utf8Start[$0]) }
  }

  mutating func take(_ text: StaticString) -> Bool {
    guard looking(at: text) else { return false }
    at += text.utf8CodeUnitCount
    return true
  }

  mutating func alternation() throws(DSXError) -> RegexNode {
    depth += 1
    defer { depth -= 1 }
    guard depth <= 64 else { throw unsupported("groups nested more than 64 deep") }
    var parts = [try sequence()]
    while take("|") { parts.append(try sequence()) }
    return parts.count == 1 ? parts[0] : .alternation(parts)
  }

  mutating func sequence() throws(DSXError) -> RegexNode {
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
  func checkFolding(from start: Int) throws(DSXError) {
    guard start > 0 else { return }
    let pair = String(
      String.UnicodeScalarView(scalars[start - 1...start].compactMap(Unicode.Scalar.init)))
    if ["ss", "st", "ff", "fi", "fl", "SS", "ST", "FF", "FI", "FL"].contains(pair) {
      throw unsupported("'\(pair)' without regard to case")
    }
  }

  mutating func atom() throws(DSXError) -> RegexNode {
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

  mutating func anchor() -> RegexAnchor? {
    if take("\\A") { return .textStart }
    if take("\\z") { return .textEnd }
    if take("\\Z") { return .textEndBeforeLineFeed }
    if take("\\b") { return .wordBoundary }
    if take("\\B") { return .noWordBoundary }
    return nil
  }

  /// One character, in both cases where case is ignored.
  func literal(_ scalar: UInt32) throws(DSXError) -> ScalarSet {
    var set = ScalarSet(scalar)
    if ignoresCase { try fold(&set, scalar) }
    return set
  }

  func fold(_ set: inout ScalarSet, _ scalar: UInt32) throws(DSXError) {
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
}
