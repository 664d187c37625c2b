/// White space as Python's `str.isspace()`, `strip` and `split()` know it: U+0009...000D,
/// 001C...0020, 0085, 00A0, 1680, 2000...200A, 2028, 2029, 202F, 205F, 3000.
enum PythonBlank {
  /// Bytes of the white space at `index` of valid UTF-8; 0 when there is none.
  @inline(__always)
  static func length(_ bytes: UnsafeRawBufferPointer, _ index: Int) -> Int {
    let byte = bytes[index]
    if byte < 0x80 { return isBlank(byte) ? 1 : 0 }
    return byte < 0xc2 || byte > 0xe3 ? 0 : wideLength(bytes, index)
  }

  /// Whether an ASCII byte is white space.
  @inline(__always)
  static func isBlank(_ byte: UInt8) -> Bool {
    byte <= 0x20 && (byte == 0x20 || byte &- 0x09 <= 4 || byte >= 0x1c)
  }

  static func wideLength(_ bytes: UnsafeRawBufferPointer, _ index: Int) -> Int {
    guard index + 1 < bytes.count else { return 0 }
    let second = bytes[index + 1]
    if bytes[index] == 0xc2 { return second == 0x85 || second == 0xa0 ? 2 : 0 }
    guard index + 2 < bytes.count else { return 0 }
    let third = bytes[index + 2]
    switch (bytes[index], second) {
    case (0xe1, 0x9a): return third == 0x80 ? 3 : 0
    case (0xe2, 0x80):
      return (0x80...0x8a).contains(third) || third == 0xa8 || third == 0xa9 || third == 0xaf
        ? 3 : 0
    case (0xe2, 0x81): return third == 0x9f ? 3 : 0
    case (0xe3, 0x80): return third == 0x80 ? 3 : 0
    default: return 0
    }
  }

  /// Whether a code point is white space.
  static func isBlank(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x09...0x0d, 0x1c...0x20, 0x85, 0xa0, 0x1680, 0x2000...0x200a, 0x2028, 0x2029, 0x202f,
      0x205f, 0x3000:
      true
    default: false
    }
  }

  /// The text without white space at its end: `str.rstrip()`.
  static func trimmedEnd(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    var end = bytes.count
    while end > 0 {
      var start = end - 1
      while start > 0, bytes[start] & 0xc0 == 0x80 { start -= 1 }
      guard length(bytes, start) == end - start else { break }
      end = start
    }
    return UnsafeRawBufferPointer(rebasing: bytes[..<end])
  }

  /// The text without white space at both ends: `str.strip()`.
  static func trimmed(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    var start = 0
    while start < bytes.count {
      let length = length(bytes, start)
      guard length > 0 else { break }
      start += length
    }
    return trimmedEnd(UnsafeRawBufferPointer(rebasing: bytes[start...]))
  }
}
