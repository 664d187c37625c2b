/// A strict JSON (RFC 8259) parser over bytes.
///
/// Refuses invalid UTF-8, lone surrogates, names that come twice, nesting above `maximumDepth` and
/// anything after the value. Errors carry the byte offset. Also takes `NaN`, `Infinity` and
/// `-Infinity` when `allowNonFinite` is set, as Python writes them. An integer beyond 64 bits becomes the
/// nearest double, unless `exactIntegers` is set: then it is refused.
public struct JSONParser {
  private let bytes: UnsafeRawBufferPointer
  private let base: Int
  private let allowNonFinite: Bool
  private let exactIntegers: Bool
  private var position = 0
  private var depth = 0
  /// Nesting allowed before a text is refused.
  public static let maximumDepth = 128

  private init(
    _ bytes: UnsafeRawBufferPointer, base: Int, allowNonFinite: Bool, exactIntegers: Bool
  ) {
    self.exactIntegers = exactIntegers
    self.bytes = bytes
    self.base = base
    self.allowNonFinite = allowNonFinite
  }

  /// Parses one whole JSON text, which starts at byte `base` of its file.
  public static func parse(
    _ bytes: UnsafeRawBufferPointer, base: Int = 0, allowNonFinite: Bool = false,
    exactIntegers: Bool = false
  ) throws(DSXError) -> JSONValue {
    if let bad = UTF8Validation.firstInvalid(bytes) {
      throw DSXError(.malformed, "the JSON text is not valid UTF-8", byte: base + bad)
    }
    var parser = JSONParser(
      bytes, base: base, allowNonFinite: allowNonFinite, exactIntegers: exactIntegers)
    parser.skipBlanks()
    let value = try parser.value()
    parser.skipBlanks()
    guard parser.position == bytes.count else {
      throw parser.fault("there is more after the end of the JSON value")
    }
    return value
  }

  /// Parses a string.
  public static func parse(_ text: String) throws(DSXError) -> JSONValue {
    try parse(Array(text.utf8))
  }

  /// Parses an array of bytes.
  public static func parse(_ bytes: [UInt8], allowNonFinite: Bool = false) throws(DSXError)
    -> JSONValue
  {
    var result: Result<JSONValue, DSXError> = .success(.null)
    bytes.withUnsafeBytes { buffer in
      do throws(DSXError) {
        result = .success(try parse(buffer, allowNonFinite: allowNonFinite))
      } catch { result = .failure(error) }
    }
    return try result.get()
  }

  /// Parses a file; errors name it.
  public static func parse(file path: String) throws(DSXError) -> JSONValue {
    let file = try MappedFile(path: path)
    defer { withExtendedLifetime(file) {} }
    do { return try parse(file.bytes) } catch { throw error.inFile(path) }
  }

  private func fault(_ message: String) -> DSXError {
    DSXError(.malformed, message, byte: base + position)
  }

  private mutating func skipBlanks() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x09, 0x0a, 0x0d: position += 1
      default: return
      }
    }
  }

  private mutating func value() throws(DSXError) -> JSONValue {
    guard position < bytes.count else { throw fault("the JSON text ends too early") }
    switch bytes[position] {
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "["): return try array()
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "N") where allowNonFinite: return try word("NaN", .double(.nan))
    case UInt8(ascii: "I") where allowNonFinite: return try word("Infinity", .double(.infinity))
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    default: throw fault("this is not JSON")
    }
  }

  private mutating func word(_ text: StaticString, _ value: JSONValue) throws(DSXError)
    -> JSONValue
  {
    let count = text.utf8CodeUnitCount
    guard position + count <= bytes.count else { throw fault("the JSON text ends too early") }
    for index in 0..<count where bytes[position + index] != text.utf8Start[index] {
      throw fault("this is not JSON")
    }
    position += count
    return value
  }

  private mutating func enter() throws(DSXError) {
    depth += 1
    guard depth <= Self.maximumDepth else {
      throw fault("the JSON text is nested more than \(Self.maximumDepth) deep")
    }
    position += 1
    skipBlanks()
  }

  /// After an element: true when `close` ended the container, false after a comma.
  private mutating func ends(with close: UInt8) throws(DSXError) -> Bool {
    skipBlanks()
    guard position < bytes.count else { throw fault("the JSON text ends too early") }
    let byte = bytes[position]
    guard byte == close || byte == UInt8(ascii: ",") else {
      throw fault("expected ',' or '\(Character(Unicode.Scalar(close)))'")
    }
    position += 1
    if byte == close {
      depth -= 1
      return true
    }
    skipBlanks()
    return false
  }

  private mutating func array() throws(DSXError) -> JSONValue {
    try enter()
    var elements: [JSONValue] = []
    if position < bytes.count, bytes[position] == UInt8(ascii: "]") {
      position += 1
      depth -= 1
      return .array([])
    }
    repeat { elements.append(try value()) } while try !ends(with: UInt8(ascii: "]"))
    return .array(elements)
  }

  private mutating func object() throws(DSXError) -> JSONValue {
    try enter()
    if position < bytes.count, bytes[position] == UInt8(ascii: "}") {
      position += 1
      depth -= 1
      return .object([])
    }
    var members: [JSONValue.Member] = []
    var names: Set<[UInt8]> = []
    repeat {
      guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
        throw fault("expected a member name in double quotes")
      }
      let start = position
      let name = try string()
      skipBlanks()
      guard position < bytes.count, bytes[position] == UInt8(ascii: ":") else {
        throw fault("expected ':'")
      }
      position += 1
      skipBlanks()
      let value = try value()
      members.append(JSONValue.Member(name, value))
      // Bytes are compared: canonically equal spellings are two names. A set only pays once the members are more than a few.
      let twice: Bool
      if members.count <= 8 {
        twice = members.dropLast().contains { $0.name.utf8.elementsEqual(name.utf8) }
      } else {
        if names.isEmpty { names = Set(members.dropLast().map { Array($0.name.utf8) }) }
        twice = !names.insert(Array(name.utf8)).inserted
      }
      if twice {
        position = start
        throw fault("the member '\(name)' comes twice")
      }
    } while try !ends(with: UInt8(ascii: "}"))
    return .object(members)
  }
}

extension JSONParser {
  private mutating func string() throws(DSXError) -> String {
    position += 1
    let start = position
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        defer { position += 1 }
        return String(
          decoding: UnsafeRawBufferPointer(rebasing: bytes[start..<position]), as: UTF8.self)
      case UInt8(ascii: "\\"): return try escapedString(from: start)
      case 0..<0x20: throw fault("a control character in a string must be escaped")
      default: position += 1
      }
    }
    throw fault("a string does not end")
  }

  private mutating func escapedString(from start: Int) throws(DSXError) -> String {
    var text = Array(bytes[start..<position])
    while position < bytes.count {
      let byte = bytes[position]
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"):
        position += 1
        try escape(into: &text)
      case 0..<0x20: throw fault("a control character in a string must be escaped")
      default:
        text.append(byte)
        position += 1
      }
    }
    throw fault("a string does not end")
  }

  private mutating func escape(into text: inout [UInt8]) throws(DSXError) {
    guard position < bytes.count else { throw fault("a string does not end") }
    let byte = bytes[position]
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0c)
    case UInt8(ascii: "n"): text.append(0x0a)
    case UInt8(ascii: "r"): text.append(0x0d)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"):
      var code = UInt32(try hex4())
      if code & 0xfc00 == 0xd800 {
        guard position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
          bytes[position + 1] == UInt8(ascii: "u")
        else { throw fault("a high surrogate without its low surrogate") }
        position += 2
        let low = UInt32(try hex4())
        guard low & 0xfc00 == 0xdc00 else {
          throw fault("a high surrogate without its low surrogate")
        }
        code = 0x10000 + ((code & 0x3ff) << 10) + (low & 0x3ff)
      }
      guard let scalar = Unicode.Scalar(code) else {
        throw fault("a low surrogate without its high surrogate")
      }
      text.append(contentsOf: String(Character(scalar)).utf8)
    default:
      position -= 1
      throw fault("an unknown escape in a string")
    }
  }

  private mutating func hex4() throws(DSXError) -> UInt16 {
    guard position + 4 <= bytes.count else { throw fault("a string does not end") }
    var code: UInt16 = 0
    for _ in 0..<4 {
      let byte = bytes[position]
      let digit: UInt8
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
      default: throw fault("\\u needs four hexadecimal digits")
      }
      code = code << 4 | UInt16(digit)
      position += 1
    }
    return code
  }

  private mutating func number() throws(DSXError) -> JSONValue {
    let start = position
    func digits(_ position: inout Int) -> Int {
      let first = position
      while position < bytes.count, bytes[position] &- 0x30 <= 9 { position += 1 }
      return position - first
    }
    if bytes[position] == UInt8(ascii: "-") {
      position += 1
      if allowNonFinite, position < bytes.count, bytes[position] == UInt8(ascii: "I") {
        return try word("Infinity", .double(-.infinity))
      }
    }
    let leadingZero = position < bytes.count && bytes[position] == UInt8(ascii: "0")
    let whole = digits(&position)
    guard whole > 0, !(leadingZero && whole > 1) else { throw fault("a malformed number") }
    var isInteger = true
    if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
      isInteger = false
      position += 1
      guard digits(&position) > 0 else { throw fault("a malformed number") }
    }
    if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
      isInteger = false
      position += 1
      if position < bytes.count,
        bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-")
      {
        position += 1
      }
      guard digits(&position) > 0 else { throw fault("a malformed number") }
    }
    let text = String(
      decoding: UnsafeRawBufferPointer(rebasing: bytes[start..<position]), as: UTF8.self)
    if isInteger, let value = Int64(text) { return .int(value) }
    // Values of a row's members only: nested ones stay JSON.
    if isInteger, exactIntegers, depth <= 1 {
      position = start
      let shown = text.utf8.count > 40 ? text.prefix(40) + "..." : text[...]
      throw DSXError(
        .malformed, "the integer \(shown) does not fit 64 bits", byte: base + position,
        hint: "write it as text, in double quotes")
    }
    guard let value = Double(text), value.isFinite else {
      throw fault("a number outside the range of a double")
    }
    return .double(value)
  }
}
