/// JSON text straight from bytes, for output that is made by the megabyte.
enum JSONBytes {
  /// Appends valid UTF-8 as a JSON string.
  static func appendString(_ text: UnsafeRawBufferPointer, to output: inout [UInt8]) {
    output.append(UInt8(ascii: "\""))
    var plain = 0
    for index in 0..<text.count {
      let byte = text[index]
      guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == 0x7f
      else { continue }
      output.append(contentsOf: text[plain..<index])
      plain = index + 1
      switch byte {
      case UInt8(ascii: "\""): output.append(contentsOf: #"\""#.utf8)
      case UInt8(ascii: "\\"): output.append(contentsOf: #"\\"#.utf8)
      case 0x09: output.append(contentsOf: #"\t"#.utf8)
      case 0x0d: output.append(contentsOf: #"\r"#.utf8)
      default:
        output.append(contentsOf: #"\u00"#.utf8)
        output.append(digit(byte >> 4))
        output.append(digit(byte & 15))
      }
    }
    output.append(contentsOf: text[plain...])
    output.append(UInt8(ascii: "\""))
  }

  /// Appends an integer in decimal digits.
  static func appendInteger(_ value: Int32, to output: inout [UInt8]) {
    if value < 0 { output.append(UInt8(ascii: "-")) }
    let first = output.count
    var rest = value.magnitude
    repeat {
      output.append(UInt8(truncatingIfNeeded: 0x30 + rest % 10))
      rest /= 10
    } while rest > 0
    output[first...].reverse()
  }

  private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }
}
