extension Base64 {
  /// Decodes strict base64 (RFC 4648: padded, no blanks, unused bits zero) and appends the bytes; false
  /// when the text is none.
  static func decode(_ text: [UInt8], into out: inout [UInt8]) -> Bool {
    guard text.count % 4 == 0 else { return false }
    var index = 0
    while index < text.count {
      var group: UInt32 = 0
      var padding = 0
      for offset in 0..<4 {
        let byte = text[index + offset]
        if byte == UInt8(ascii: "="), index + 4 == text.count, offset >= 2 {
          padding += 1
          group <<= 6
          continue
        }
        guard padding == 0, let value = value(byte) else { return false }
        group = group << 6 | UInt32(value)
      }
      // Bits that the padding leaves over must be zero: one text for each value.
      guard padding == 0 || group & (padding == 1 ? 0xff : 0xffff) == 0 else { return false }
      out.append(UInt8(truncatingIfNeeded: group >> 16))
      if padding < 2 { out.append(UInt8(truncatingIfNeeded: group >> 8)) }
      if padding < 1 { out.append(UInt8(truncatingIfNeeded: group)) }
      index += 4
    }
    return true
  }

  private static func value(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte - UInt8(ascii: "A")
    case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - UInt8(ascii: "a") + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0") + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
