/// GPT-2's splitting pattern, by hand on UTF-8:
/// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`
///
/// Bytes that are no valid UTF-8 are stepped over one by one as "other", so that it always ends.
struct GPT2Splitter {
  private let table = UnicodeClassTable.shared

  /// The end of the piece that starts at `start` (`start < text.count`). Linear in the piece, but for
  /// a run of white space, which is read again once for its last character.
  func pieceEnd(_ text: UnsafeRawBufferPointer, from start: Int) -> Int {
    let first = text[start]
    if first == UInt8(ascii: "'") {
      let length = contraction(text, at: start)
      if length > 0 { return start + length }
    }
    var (kind, next) = look(text, at: start)
    if first == 0x20, next < text.count {
      let (following, end) = look(text, at: next)
      if following != UnicodeClass.space.rawValue { (kind, next) = (following, end) }
    }
    if kind == UnicodeClass.space.rawValue { return spaceEnd(text, from: start, after: next) }
    while next < text.count {
      let (following, end) = look(text, at: next)
      if following != kind { break }
      next = end
    }
    return next
  }

  /// `\s+(?!\S)|\s+`: the run of white space without its last character when something else follows
  /// it, unless it is that one character.
  private func spaceEnd(_ text: UnsafeRawBufferPointer, from start: Int, after first: Int) -> Int {
    var last = start
    var next = first
    while next < text.count {
      let (kind, end) = look(text, at: next)
      if kind != UnicodeClass.space.rawValue { return last > start ? last : next }
      last = next
      next = end
    }
    return next
  }

  /// The length of `'s 't 're 've 'm 'll 'd` at an apostrophe, or 0.
  private func contraction(_ text: UnsafeRawBufferPointer, at start: Int) -> Int {
    guard start + 1 < text.count else { return 0 }
    let second = text[start + 1]
    switch second {
    case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"): return 2
    case UInt8(ascii: "r"), UInt8(ascii: "v"):
      return start + 2 < text.count && text[start + 2] == UInt8(ascii: "e") ? 3 : 0
    case UInt8(ascii: "l"):
      return start + 2 < text.count && text[start + 2] == UInt8(ascii: "l") ? 3 : 0
    default: return 0
    }
  }

  /// The class of the character at `index`, and where the next one begins.
  @inline(__always)
  private func look(_ text: UnsafeRawBufferPointer, at index: Int) -> (UInt8, Int) {
    let first = UInt32(text[index])
    if first < 0x80 { return (table.rawClass(first), index + 1) }
    let left = text.count - index
    @inline(__always) func low(_ offset: Int) -> UInt32 { UInt32(text[index + offset]) & 0x3f }
    if first < 0xe0, left >= 2 {
      return (table.rawClass((first & 0x1f) << 6 | low(1)), index + 2)
    }
    if first >= 0xe0, first < 0xf0, left >= 3 {
      return (table.rawClass((first & 0x0f) << 12 | low(1) << 6 | low(2)), index + 3)
    }
    if first >= 0xf0, left >= 4 {
      let code = (first & 0x07) << 18 | low(1) << 12 | low(2) << 6 | low(3)
      if code < 0x110000 { return (table.rawClass(code), index + 4) }
    }
    return (UnicodeClass.other.rawValue, index + 1)
  }
}
