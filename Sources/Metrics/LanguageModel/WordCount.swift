/// Counts of a text's units for perplexities.
public enum WordCount {
  /// `len(re.split(r"\s+", text))` of Python 3: runs of white space plus one. Blanks at the ends
  /// count an empty word each, as in lm-eval 0.4.13; the empty text has one. Linear, no copy.
  public static func words(in text: String) -> Int {
    var text = text
    return text.withUTF8 { words(inUTF8: UnsafeRawBufferPointer($0)) }
  }

  /// The same for UTF-8 bytes, which must be valid.
  ///
  /// White space is `str.isspace()`: U+0009...000D, 001C...0020, 0085, 00A0, 1680, 2000...200A, 2028,
  /// 2029, 202F, 205F, 3000.
  public static func words(inUTF8 bytes: UnsafeRawBufferPointer) -> Int {
    var count = 1
    var isInside = false
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      let second: UInt8 = index + 1 < bytes.count ? bytes[index + 1] : 0
      let third: UInt8 = index + 2 < bytes.count ? bytes[index + 2] : 0
      let isBlank: Bool
      let length: Int
      switch byte {
      case 0..<0x80:
        (isBlank, length) = ((0x09...0x0d).contains(byte) || (0x1c...0x20).contains(byte), 1)
      case 0xc2: (isBlank, length) = (second == 0x85 || second == 0xa0, 2)
      case 0xe1: (isBlank, length) = (second == 0x9a && third == 0x80, 3)
      case 0xe2: (isBlank, length) = (isGeneralBlank(second, third), 3)
      case 0xe3: (isBlank, length) = (second == 0x80 && third == 0x80, 3)
      case 0x80..<0xc0: (isBlank, length) = (false, 1)
      case 0xc0..<0xe0: (isBlank, length) = (false, 2)
      case 0xe0..<0xf0: (isBlank, length) = (false, 3)
      default: (isBlank, length) = (false, 4)
      }
      if isBlank, !isInside { count += 1 }
      isInside = isBlank
      index += length
    }
    return count
  }

  /// U+2000...200A, 2028, 2029, 202F (E2 80 xx) and 205F (E2 81 9F).
  private static func isGeneralBlank(_ second: UInt8, _ third: UInt8) -> Bool {
    if second == 0x81 { return third == 0x9f }
    guard second == 0x80 else { return false }
    return (0x80...0x8a).contains(third) || third == 0xa8 || third == 0xa9 || third == 0xaf
  }
}
