/// Reading and writing code points of valid UTF-8.
enum UTF8Scalars {
  /// The code point at `index` and where the next one begins. Bytes that begin none, and cut ones,
  /// are read as U+FFFD of one byte, so that reading always ends.
  @inline(__always)
  static func read(_ text: UnsafeRawBufferPointer, _ index: Int) -> (code: UInt32, next: Int) {
    let first = UInt32(text[index])
    if first < 0x80 { return (first, index + 1) }
    let left = text.count - index
    @inline(__always) func low(_ offset: Int) -> UInt32 { UInt32(text[index + offset]) & 0x3f }
    if first < 0xe0, left >= 2 { return ((first & 0x1f) << 6 | low(1), index + 2) }
    if first >= 0xe0, first < 0xf0, left >= 3 {
      return ((first & 0x0f) << 12 | low(1) << 6 | low(2), index + 3)
    }
    if first >= 0xf0, left >= 4 {
      let code = (first & 0x07) << 18 | low(1) << 12 | low(2) << 6 | low(3)
      if code < 0x110000 { return (code, index + 4) }
    }
    return (0xfffd, index + 1)
  }

  /// Where the code point that ends before `end` begins, not before `limit`.
  @inline(__always)
  static func previous(_ text: UnsafeRawBufferPointer, _ end: Int, _ limit: Int = 0) -> Int {
    var start = end - 1
    while start > limit, text[start] & 0xc0 == 0x80, end - start < 4 { start -= 1 }
    return start
  }

  /// Appends a code point.
  @inline(__always)
  static func append(_ code: UInt32, to bytes: inout [UInt8]) {
    if code < 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: code))
    } else if code < 0x800 {
      bytes.append(UInt8(truncatingIfNeeded: 0xc0 | code >> 6))
      bytes.append(UInt8(truncatingIfNeeded: 0x80 | code & 0x3f))
    } else if code < 0x10000 {
      bytes.append(UInt8(truncatingIfNeeded: 0xe0 | code >> 12))
      bytes.append(UInt8(truncatingIfNeeded: 0x80 | code >> 6 & 0x3f))
      bytes.append(UInt8(truncatingIfNeeded: 0x80 | code & 0x3f))
    } else {
      bytes.append(UInt8(truncatingIfNeeded: 0xf0 | code >> 18))
      bytes.append(UInt8(truncatingIfNeeded: 0x80 | code >> 12 & 0x3f))
      bytes.append(UInt8(truncatingIfNeeded: 0x80 | code >> 6 & 0x3f))
      bytes.append(UInt8(truncatingIfNeeded: 0x80 | code & 0x3f))
    }
  }

  /// Number of UTF-8 bytes of a code point.
  @inline(__always)
  static func width(_ code: UInt32) -> Int {
    code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
  }
}
