internal import DSXCore

/// Cuts a condition into words.
struct PredicateLexer {
  enum Token: Hashable {
    /// A name or keyword as it was written; names in double quotes are never keywords.
    case word(String, isQuoted: Bool)
    case text(String)
    case integer(Int64)
    case float(Double)
    /// A comparison, bracket or comma.
    case symbol(String)
    case end
  }

  /// Longer texts are refused.
  static let limit = 1 << 16

  private let bytes: [UInt8]
  private(set) var position = 0

  init(_ text: String) throws(DSXError) {
    bytes = Array(text.utf8)
    guard bytes.count <= Self.limit else {
      throw DSXError(
        .usage, "the condition has \(bytes.count) bytes; at most \(Self.limit) are taken")
    }
  }

  static func fault(_ message: String, at position: Int) -> DSXError {
    DSXError(
      .usage, "the condition cannot be read at byte \(position + 1): \(message)",
      hint: "write it as in: label = 'news_tech' AND score > 0.5")
  }

  /// The next token and where it begins.
  mutating func next() throws(DSXError) -> (token: Token, start: Int) {
    while position < bytes.count, [0x20, 0x09, 0x0a, 0x0d].contains(bytes[position]) {
      position += 1
    }
    let start = position
    guard position < bytes.count else { return (.end, start) }
    switch bytes[position] {
    case UInt8(ascii: "'"): return (.text(try quoted(UInt8(ascii: "'"), "text")), start)
    case UInt8(ascii: "\""):
      return (.word(try quoted(UInt8(ascii: "\""), "a name"), isQuoted: true), start)
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
      UInt8(ascii: "+"):
      return (try number(), start)
    case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: ","):
      position += 1
      return (.symbol(String(decoding: [bytes[start]], as: UTF8.self)), start)
    case UInt8(ascii: "="), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "!"):
      return (try comparison(), start)
    case let byte where Self.isNameByte(byte):
      while position < bytes.count, Self.isNameByte(bytes[position]) { position += 1 }
      return (
        .word(String(decoding: bytes[start..<position], as: UTF8.self), isQuoted: false), start
      )
    default:
      let scalar = String(decoding: bytes[start...], as: UTF8.self).unicodeScalars.first
      throw Self.fault("'\(scalar.map(String.init) ?? "?")' has no meaning here", at: start)
    }
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  private mutating func quoted(_ quote: UInt8, _ what: String) throws(DSXError) -> String {
    let start = position
    var found: [UInt8] = []
    position += 1
    while position < bytes.count {
      if bytes[position] == quote {
        position += 1
        guard position < bytes.count, bytes[position] == quote else {
          return String(decoding: found, as: UTF8.self)
        }
      }
      found.append(bytes[position])
      position += 1
    }
    throw Self.fault("\(what) in quotes does not end", at: start)
  }

  private mutating func comparison() throws(DSXError) -> Token {
    let start = position
    while position < bytes.count, position - start < 2,
      [UInt8(ascii: "="), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "!")]
        .contains(bytes[position])
    {
      position += 1
    }
    switch String(decoding: bytes[start..<position], as: UTF8.self) {
    case "=", "==": return .symbol("=")
    case "!=", "<>": return .symbol("!=")
    case "<": return .symbol("<")
    case "<=": return .symbol("<=")
    case ">": return .symbol(">")
    case ">=": return .symbol(">=")
    case let other: throw Self.fault("'\(other)' is no comparison", at: start)
    }
  }

  private mutating func number() throws(DSXError) -> Token {
    let start = position
    if bytes[position] == UInt8(ascii: "-") || bytes[position] == UInt8(ascii: "+") {
      position += 1
    }
    let digits = position
    var isInteger = true
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: ".") || byte | 0x20 == UInt8(ascii: "e") {
        isInteger = false
      } else if byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") {
        // Only as the sign of an exponent.
        guard bytes[position - 1] | 0x20 == UInt8(ascii: "e"), position > digits else { break }
      } else if !Self.isNameByte(byte) {
        break
      }
      position += 1
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    // Names that begin with a digit are written in quotes; hexadecimal and the like are not numbers here.
    let isPlain = bytes[digits..<position].allSatisfy {
      $0 &- 0x30 <= 9 || [0x2e, 0x65, 0x45, 0x2b, 0x2d].contains($0)
    }
    if isPlain, isInteger, position > digits {
      guard let value = Int64(text) else {
        throw Self.fault("the integer \(text) does not fit 64 bits", at: start)
      }
      return .integer(value)
    }
    guard isPlain, let value = Double(text), value.isFinite else {
      throw Self.fault("'\(text)' is no number", at: start)
    }
    return .float(value)
  }
}
