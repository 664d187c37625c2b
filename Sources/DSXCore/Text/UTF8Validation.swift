/// Strict UTF-8 checks on raw bytes (no overlong forms, no surrogates, nothing above U+10FFFF).
public enum UTF8Validation {
  /// The offset of the first byte that begins an invalid sequence, or nil when all is valid.
  public static func firstInvalid(_ bytes: UnsafeRawBufferPointer) -> Int? {
    var index = 0
    let count = bytes.count
    while index < count {
      // Eight ASCII bytes at a time: most of English text and all markup.
      while index + 8 <= count,
        bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
      {
        index += 8
      }
      guard index < count else { return nil }
      let length = sequenceLength(bytes, at: index)
      guard length > 0 else { return index }
      index += length
    }
    return nil
  }

  /// The length of the valid sequence at `index`, or 0 when it is invalid.
  @inlinable
  public static func sequenceLength(_ bytes: UnsafeRawBufferPointer, at index: Int) -> Int {
    let first = bytes[index]
    if first < 0x80 { return 1 }
    let left = bytes.count - index
    func continues(_ offset: Int) -> Bool { bytes[index + offset] & 0xc0 == 0x80 }
    switch first {
    case 0xc2...0xdf:
      return left >= 2 && continues(1) ? 2 : 0
    case 0xe0...0xef:
      guard left >= 3, continues(1), continues(2) else { return 0 }
      let second = bytes[index + 1]
      if first == 0xe0 && second < 0xa0 { return 0 }
      if first == 0xed && second > 0x9f { return 0 }
      return 3
    case 0xf0...0xf4:
      guard left >= 4, continues(1), continues(2), continues(3) else { return 0 }
      let second = bytes[index + 1]
      if first == 0xf0 && second < 0x90 { return 0 }
      if first == 0xf4 && second > 0x8f { return 0 }
      return 4
    default: return 0
    }
  }
}
