internal import DSXCore

/// The few Python literals that a `.npy` header is made of: a dict of texts, truth values and tuples.
struct PythonLiteral {
  indirect enum Value {
    case text(String)
    case bool(Bool)
    case int(Int)
    /// A tuple or a list.
    case tuple([Value])
  }

  private let bytes: UnsafeRawBufferPointer
  private let base: Int
  private let what: String
  private var position = 0
  private static let deepest = 8

  init(_ bytes: UnsafeRawBufferPointer, base: Int, _ what: String) {
    self.bytes = bytes
    self.base = base
    self.what = what
  }

  private func fault() -> DSXError {
    DSXError(
      .malformed, "the header of \(what) is not what numpy writes", byte: base + position)
  }

  private mutating func skipBlanks() {
    while position < bytes.count, [0x20, 0x0a, 0x09, 0x0d].contains(bytes[position]) {
      position += 1
    }
  }

  private mutating func accept(_ character: Unicode.Scalar) -> Bool {
    skipBlanks()
    guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  /// The whole text as one dict, in the order of its members; a name that comes twice is an error.
  mutating func dictionary() throws(DSXError) -> [(name: String, value: Value)] {
    guard accept("{") else { throw fault() }
    var members: [(name: String, value: Value)] = []
    while !accept("}") {
      guard case .text(let name) = try value(depth: 0), accept(":") else { throw fault() }
      guard !members.contains(where: { $0.name == name }) else { throw fault() }
      members.append((name, try value(depth: 0)))
      if !accept(",") {
        guard accept("}") else { throw fault() }
        break
      }
    }
    skipBlanks()
    guard position == bytes.count else { throw fault() }
    return members
  }

  private mutating func value(depth: Int) throws(DSXError) -> Value {
    guard depth < Self.deepest else { throw fault() }
    skipBlanks()
    guard position < bytes.count else { throw fault() }
    switch bytes[position] {
    case UInt8(ascii: "'"), UInt8(ascii: "\""): return .text(try text())
    case UInt8(ascii: "T"): return try word("True", .bool(true))
    case UInt8(ascii: "F"): return try word("False", .bool(false))
    case UInt8(ascii: "0")...UInt8(ascii: "9"): return .int(try number())
    case UInt8(ascii: "("): return .tuple(try elements(end: ")", depth))
    case UInt8(ascii: "["): return .tuple(try elements(end: "]", depth))
    default: throw fault()
    }
  }

  private mutating func elements(end: Unicode.Scalar, _ depth: Int) throws(DSXError) -> [Value] {
    position += 1
    var values: [Value] = []
    while !accept(end) {
      values.append(try value(depth: depth + 1))
      if !accept(",") {
        guard accept(end) else { throw fault() }
        break
      }
    }
    return values
  }

  private mutating func word(_ text: StaticString, _ value: Value) throws(DSXError) -> Value {
    let count = text.utf8CodeUnitCount
    let matches = text.withUTF8Buffer { bytes[position...].starts(with: $0) }
    guard matches else { throw fault() }
    position += count
    return value
  }

  private mutating func text() throws(DSXError) -> String {
    let quote = bytes[position]
    let start = position + 1
    var end = start
    while end < bytes.count, bytes[end] != quote {
      // Escapes are not in any header that describes numbers.
      guard bytes[end] != UInt8(ascii: "\\") else { throw fault() }
      end += 1
    }
    guard end < bytes.count else { throw fault() }
    let content = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
    guard UTF8Validation.firstInvalid(content) == nil else { throw fault() }
    position = end + 1
    return String(decoding: content, as: UTF8.self)
  }

  private mutating func number() throws(DSXError) -> Int {
    var number = 0
    while position < bytes.count, (0x30...0x39).contains(bytes[position]) {
      let (tens, overflow) = number.multipliedReportingOverflow(by: 10)
      let (sum, sumOverflow) = tens.addingReportingOverflow(Int(bytes[position] & 15))
      guard !overflow, !sumOverflow else { throw fault() }
      number = sum
      position += 1
    }
    // Python 2 wrote long numbers with an L.
    if position < bytes.count, bytes[position] == UInt8(ascii: "L") { position += 1 }
    return number
  }
}
