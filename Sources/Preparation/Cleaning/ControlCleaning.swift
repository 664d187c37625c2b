/// Removes characters that are seen by no reader and only harm a vocabulary:
///
/// - U+0000 to U+001F but tab and line feed, U+007F, U+0080 to U+009F (C0, delete, C1)
/// - U+200B zero-width space, U+2060 word joiner, U+FEFF byte-order mark
/// - U+061C, U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069: they turn the direction of text
///
/// U+200C and U+200D (the zero-width joiners) stay: emoji, Persian and Indic scripts need them. So do
/// U+00AD and variation selectors.
enum ControlCleaning {
  /// Cleans valid UTF-8; whether anything was removed. One look at each byte.
  static func clean(_ text: inout [UInt8]) -> Bool {
    guard let first = text.withUnsafeBytes({ find($0, from: 0) }) else { return false }
    var to = first
    text.withUnsafeMutableBytes { bytes in
      var from = first
      while from < bytes.count {
        let removed = length(UnsafeRawBufferPointer(bytes), at: from)
        from += removed
        if removed > 0 { continue }
        bytes[to] = bytes[from]
        to += 1
        from += 1
      }
    }
    text.removeLast(text.count - to)
    return true
  }

  private static func find(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
    var position = start
    while position < bytes.count {
      if length(bytes, at: position) > 0 { return position }
      position += 1
    }
    return nil
  }

  /// The length of the character at `index` if it is to be removed, else 0.
  @inline(__always)
  private static func length(_ bytes: UnsafeRawBufferPointer, at index: Int) -> Int {
    let first = bytes[index]
    if first < 0x80 {
      return (first < 0x20 && first != 0x09 && first != 0x0a) || first == 0x7f ? 1 : 0
    }
    switch first {
    case 0xc2 where index + 1 < bytes.count: return bytes[index + 1] < 0xa0 ? 2 : 0
    case 0xd8 where index + 1 < bytes.count: return bytes[index + 1] == 0x9c ? 2 : 0
    case 0xe2 where index + 2 < bytes.count:
      let last = bytes[index + 2]
      switch bytes[index + 1] {
      case 0x80:
        return last == 0x8b || last == 0x8e || last == 0x8f || (0xaa...0xae).contains(last) ? 3 : 0
      case 0x81: return last == 0xa0 || (0xa6...0xa9).contains(last) ? 3 : 0
      default: return 0
      }
    case 0xef where index + 2 < bytes.count:
      return bytes[index + 1] == 0xbb && bytes[index + 2] == 0xbf ? 3 : 0
    default: return 0
    }
  }
}
