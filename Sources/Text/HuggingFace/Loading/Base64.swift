/// Base 64 with `+` and `/`, padded (RFC 4648, section 4).
enum Base64 {
  /// The bytes of a text; nil when it is none.
  static func decode(_ text: String) -> [UInt8]? { decode(Array(text.utf8)[...]) }

  /// The bytes of a text; nil when it is none.
  static func decode(_ text: some RandomAccessCollection<UInt8>) -> [UInt8]? {
    guard text.count % 4 == 0 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count / 4 * 3)
    var word: UInt32 = 0
    var count = 0
    var padding = 0
    for byte in text {
      var value: UInt8
      switch byte {
      case 65...90: value = byte - 65
      case 97...122: value = byte - 97 + 26
      case 48...57: value = byte - 48 + 52
      case 43: value = 62
      case 47: value = 63
      case 61:
        padding += 1
        value = 0
      default: return nil
      }
      if padding > 0, byte != 61 { return nil }
      word = word << 6 | UInt32(value)
      count += 1
      if count == 4 {
        bytes.append(UInt8(truncatingIfNeeded: word >> 16))
        bytes.append(UInt8(truncatingIfNeeded: word >> 8))
        bytes.append(UInt8(truncatingIfNeeded: word))
        (word, count) = (0, 0)
        value = 0
      }
    }
    guard padding <= 2 else { return nil }
    bytes.removeLast(padding)
    return bytes
  }
}
