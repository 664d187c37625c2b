internal import DSXCore

/// A pull parser over one line of JSON: just what rows are made of, without a tree of values between.
///
/// As strict as JSONParser: no control characters in strings, no lone surrogates, no leading zeros. The
/// line's UTF-8 was checked before. Faults are `notJSON` with a byte offset (from 1, as columns).
struct RowScanner {
  let bytes: UnsafeRawBufferPointer
  var position = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  func fault(_ message: String) -> RowFault {
    RowFault(.notJSON, "\(message), at byte \(position + 1) of the line")
  }

  mutating func skipBlanks() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x09, 0x0a, 0x0d: position += 1
      default: return
      }
    }
  }

  /// The next byte that is no blank; 0 at the end (a NUL is no JSON anyway).
  mutating func peek() -> UInt8 {
    skipBlanks()
    return position < bytes.count ? bytes[position] : 0
  }

  /// Passes over `byte`, or throws.
  mutating func expect(_ byte: UInt8) throws(RowFault) {
    guard peek() == byte else {
      throw fault("expected '\(String(decoding: [byte], as: UTF8.self))'")
    }
    position += 1
  }

  /// After an element: false when `close` ended the container, true after a comma.
  mutating func goesOn(_ close: UInt8) throws(RowFault) -> Bool {
    let byte = peek()
    guard byte == close || byte == UInt8(ascii: ",") else {
      throw fault("expected ',' or '\(String(decoding: [close], as: UTF8.self))'")
    }
    position += 1
    return byte != close
  }

  /// Appends the bytes of a string; the next byte must be its quote.
  mutating func string(into text: inout [UInt8]) throws(RowFault) {
    try expect(UInt8(ascii: "\""))
    var run = position
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        text.append(contentsOf: bytes[run..<position])
        position += 1
        return
      case UInt8(ascii: "\\"):
        text.append(contentsOf: bytes[run..<position])
        position += 1
        try escape(into: &text)
        run = position
      case 0..<0x20: throw fault("a control character in a string must be escaped")
      default: position += 1
      }
    }
    throw fault("a string does not end")
  }

  private mutating func escape(into text: inout [UInt8]) throws(RowFault) {
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
      var code = try hex4()
      if code & 0xfc00 == 0xd800 {
        guard position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
          bytes[position + 1] == UInt8(ascii: "u")
        else { throw fault("a high surrogate without its low surrogate") }
        position += 2
        let low = try hex4()
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

  private mutating func hex4() throws(RowFault) -> UInt32 {
    guard position + 4 <= bytes.count else { throw fault("a string does not end") }
    var code: UInt32 = 0
    for _ in 0..<4 {
      let byte = bytes[position]
      let digit: UInt8
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
      default: throw fault("\\u needs four hexadecimal digits")
      }
      code = code << 4 | UInt32(digit)
      position += 1
    }
    return code
  }

  /// Passes over a number; tells whether it is an integer (neither fraction nor exponent).
  mutating func number() throws(RowFault) -> (text: Range<Int>, isInteger: Bool) {
    skipBlanks()
    let start = position
    if position < bytes.count, bytes[position] == UInt8(ascii: "-") { position += 1 }
    let hasZero = position < bytes.count && bytes[position] == UInt8(ascii: "0")
    let whole = digits()
    guard whole > 0, !(hasZero && whole > 1) else { throw fault("a malformed number") }
    var isInteger = true
    if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
      isInteger = false
      position += 1
      guard digits() > 0 else { throw fault("a malformed number") }
    }
    if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
      isInteger = false
      position += 1
      if position < bytes.count,
        bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-")
      {
        position += 1
      }
      guard digits() > 0 else { throw fault("a malformed number") }
    }
    return (start..<position, isInteger)
  }

  private mutating func digits() -> Int {
    let start = position
    while position < bytes.count, bytes[position] &- 0x30 <= 9 { position += 1 }
    return position - start
  }

  /// The integer that these digits are; nil when it does not fit 64 bits.
  func integer(_ text: Range<Int>) -> Int64? {
    var value: UInt64 = 0
    var at = text.lowerBound
    let isNegative = bytes[at] == UInt8(ascii: "-")
    if isNegative { at += 1 }
    // 18 digits always fit.
    if text.upperBound - at <= 18 {
      while at < text.upperBound {
        value = value &* 10 &+ UInt64(bytes[at] &- 0x30)
        at += 1
      }
      return isNegative ? -Int64(value) : Int64(value)
    }
    return Int64(String(decoding: bytes[text], as: UTF8.self))
  }

  /// Passes over any value; throws when it is none or nested more than 64 deep.
  mutating func skipValue(depth: Int = 0) throws(RowFault) {
    guard depth <= 64 else { throw fault("the JSON is nested more than 64 deep") }
    switch peek() {
    case UInt8(ascii: "\""):
      var text: [UInt8] = []
      try string(into: &text)
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      let isObject = bytes[position] == UInt8(ascii: "{")
      let close = isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")
      position += 1
      if peek() == close {
        position += 1
        return
      }
      repeat {
        if isObject {
          var name: [UInt8] = []
          try string(into: &name)
          try expect(UInt8(ascii: ":"))
        }
        try skipValue(depth: depth + 1)
      } while try goesOn(close)
    case UInt8(ascii: "t"): try word("true")
    case UInt8(ascii: "f"): try word("false")
    case UInt8(ascii: "n"): try word("null")
    default: _ = try number()
    }
  }

  private mutating func word(_ text: String) throws(RowFault) {
    let end = position + text.utf8.count
    guard end <= bytes.count, bytes[position..<end].elementsEqual(text.utf8) else {
      throw fault("this is not JSON")
    }
    position = end
  }

  /// The text of the value that starts here, cut after 60 bytes: for messages.
  func valueText() -> String {
    var copy = self
    copy.skipBlanks()
    let start = copy.position
    do throws(RowFault) { try copy.skipValue() } catch { copy.position = bytes.count }
    var end = min(copy.position, start + 60)
    let isCut = end < copy.position
    while isCut, end > start, bytes[end] & 0xc0 == 0x80 { end -= 1 }
    return String(decoding: bytes[start..<end], as: UTF8.self) + (isCut ? "..." : "")
  }
}
