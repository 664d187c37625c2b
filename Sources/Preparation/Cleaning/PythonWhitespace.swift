/// The white space of Python's `str.strip` and of `\s` in its patterns, on UTF-8 bytes.
enum PythonWhitespace {
  /// The length of the white-space character that begins at `index`, or 0.
  static func length(_ bytes: [UInt8], at index: Int, end: Int) -> Int {
    let first = bytes[index]
    if first < 0x80 { return isASCII(first) ? 1 : 0 }
    if first == 0xc2, index + 1 < end {
      return bytes[index + 1] == 0x85 || bytes[index + 1] == 0xa0 ? 2 : 0
    }
    guard index + 2 < end else { return 0 }
    return isWide(first, bytes[index + 1], bytes[index + 2]) ? 3 : 0
  }

  /// The part of `range` without white space at its ends.
  static func trimmed(_ bytes: [UInt8], _ range: Range<Int>) -> Range<Int> {
    var (start, end) = (range.lowerBound, range.upperBound)
    while start < end {
      let count = length(bytes, at: start, end: end)
      guard count > 0 else { break }
      start += count
    }
    while end > start {
      // The last character begins at its first byte that is no continuation byte.
      var begin = end - 1
      while begin > start, bytes[begin] & 0xc0 == 0x80 { begin -= 1 }
      guard length(bytes, at: begin, end: end) == end - begin else { break }
      end = begin
    }
    return start..<end
  }

  private static func isASCII(_ byte: UInt8) -> Bool {
    byte == 0x20 || (0x09...0x0d).contains(byte) || (0x1c...0x1f).contains(byte)
  }

  /// U+1680, U+2000 to U+200A, U+2028, U+2029, U+202F, U+205F, U+3000.
  private static func isWide(_ a: UInt8, _ b: UInt8, _ c: UInt8) -> Bool {
    switch (a, b) {
    case (0xe1, 0x9a): c == 0x80
    case (0xe2, 0x80): (0x80...0x8a).contains(c) || c == 0xa8 || c == 0xa9 || c == 0xaf
    case (0xe2, 0x81): c == 0x9f
    case (0xe3, 0x80): c == 0x80
    default: false
    }
  }
}
