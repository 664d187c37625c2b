/// How jieba's patterns class the characters of a text.
enum ScalarClass {
  /// What a character is at the top level of `jieba.cut`.
  enum Kind {
    /// Part of a run: U+4E00 to U+9FD5, ASCII letters and digits, `+ # & . _ % -`.
    case run
    /// Python's `\s`.
    case blank
    /// Anything else: a word of its own.
    case other
  }

  /// A character of valid UTF-8 at `index`: its kind, scalar and length. A byte that cannot be read
  /// as UTF-8 counts as one `other` of one byte, so that no input can lead outside the text.
  @inline(__always)
  static func read(_ text: UnsafeRawBufferPointer, _ index: Int) -> (
    kind: Kind, scalar: Int, length: Int
  ) {
    let first = Int(text[index])
    if first < 0x80 { return (ascii(UInt8(first)), first, 1) }
    if first >= 0xe0, first < 0xf0, index + 2 < text.count {
      let scalar =
        (first & 0x0f) << 12 | Int(text[index + 1] & 0x3f) << 6 | Int(text[index + 2] & 0x3f)
      if scalar >= 0x4e00, scalar <= 0x9fd5 { return (.run, scalar, 3) }
      return (isWideBlank(scalar) ? .blank : .other, scalar, 3)
    }
    if first >= 0xc2, first < 0xe0, index + 1 < text.count {
      let scalar = (first & 0x1f) << 6 | Int(text[index + 1] & 0x3f)
      return (scalar == 0x85 || scalar == 0xa0 ? .blank : .other, scalar, 2)
    }
    if first >= 0xf0, first < 0xf5, index + 3 < text.count {
      let high = (first & 0x07) << 18 | Int(text[index + 1] & 0x3f) << 12
      let low = Int(text[index + 2] & 0x3f) << 6 | Int(text[index + 3] & 0x3f)
      return (.other, high | low, 4)
    }
    return (.other, 0xfffd, 1)
  }

  /// Whether an ASCII byte is part of a run.
  @inline(__always)
  static func isRunASCII(_ byte: UInt8) -> Bool {
    let mask: UInt64 = byte < 0x40 ? 0x03ff_6868_0000_0000 : 0x07ff_fffe_87ff_fffe
    return byte < 0x80 && mask >> UInt64(byte & 0x3f) & 1 == 1
  }

  /// `[a-zA-Z0-9]`
  @inline(__always)
  static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10
  }

  private static func ascii(_ byte: UInt8) -> Kind {
    if isRunASCII(byte) { return .run }
    // \t \n \v \f \r, FS GS RS US, blank
    return (byte >= 0x09 && byte <= 0x0d) || (byte >= 0x1c && byte <= 0x20) ? .blank : .other
  }

  private static func isWideBlank(_ scalar: Int) -> Bool {
    switch scalar {
    case 0x1680, 0x2000...0x200a, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000: true
    default: false
    }
  }
}
