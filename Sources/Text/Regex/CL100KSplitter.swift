/// The pattern of Llama 3, Qwen 2 and tiktoken's cl100k_base, by hand on UTF-8; they differ in how many
/// digits make a piece:
/// `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`
///
/// Bytes that are no valid UTF-8 are stepped over one by one as "other", so that it always ends.
struct CL100KSplitter: Sendable {
  private let table = UnicodeClassTable.shared
  /// The most digits of one piece.
  private let digits: Int

  private static let head =
    #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|"#
  private static let tail = #"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#

  /// The patterns that this stands for, with their most digits.
  static let patterns: [(String, Int)] = [
    (head + #"\p{N}{1,3}"# + tail, 3), (head + #"\p{N}"# + tail, 1),
    (head + #"\p{N}+"# + tail, .max), (head + #"\p{N}{1,2}"# + tail, 2),
  ]

  /// nil for another pattern.
  init?(pattern: String) {
    guard let found = Self.patterns.first(where: { $0.0 == pattern }) else { return nil }
    digits = found.1
  }

  /// The end of the piece that starts at `start` (`start < text.count`).
  func pieceEnd(_ text: UnsafeRawBufferPointer, from start: Int) -> Int {
    let first = text[start]
    if first == UInt8(ascii: "'") {
      let length = contraction(text, at: start)
      if length > 0 { return start + length }
    }
    let (kind, next) = look(text, start)
    switch kind {
    case UnicodeClass.letter.rawValue: return lettersEnd(text, next)
    case UnicodeClass.number.rawValue:
      var end = next
      var count = 1
      while count < digits, end < text.count {
        let (following, after) = look(text, end)
        guard following == UnicodeClass.number.rawValue else { break }
        end = after
        count += 1
      }
      return end
    default: break
    }
    let isLineEnd = first == 0x0a || first == 0x0d
    if !isLineEnd, next < text.count {
      let (following, after) = look(text, next)
      if following == UnicodeClass.letter.rawValue { return lettersEnd(text, after) }
      if first == 0x20, following == UnicodeClass.other.rawValue { return otherEnd(text, after) }
    }
    if kind == UnicodeClass.other.rawValue { return otherEnd(text, next) }
    return spaceEnd(text, start, next)
  }

  @inline(__always)
  private func lettersEnd(_ text: UnsafeRawBufferPointer, _ start: Int) -> Int {
    var end = start
    while end < text.count {
      let (kind, after) = look(text, end)
      guard kind == UnicodeClass.letter.rawValue else { break }
      end = after
    }
    return end
  }

  /// The rest of ` ?[^\s\p{L}\p{N}]+[\r\n]*`.
  private func otherEnd(_ text: UnsafeRawBufferPointer, _ start: Int) -> Int {
    var end = start
    while end < text.count {
      let (kind, after) = look(text, end)
      guard kind == UnicodeClass.other.rawValue else { break }
      end = after
    }
    while end < text.count, text[end] == 0x0a || text[end] == 0x0d { end += 1 }
    return end
  }

  /// `\s*[\r\n]+|\s+(?!\S)|\s+`
  private func spaceEnd(_ text: UnsafeRawBufferPointer, _ start: Int, _ second: Int) -> Int {
    var last = start
    var end = start
    var next = second
    var lineEnd = -1
    while true {
      if text[end] == 0x0a || text[end] == 0x0d { lineEnd = next }
      last = end
      end = next
      guard end < text.count else { break }
      let (kind, after) = look(text, end)
      guard kind == UnicodeClass.space.rawValue else { break }
      next = after
    }
    if lineEnd >= 0 { return lineEnd }
    // All of it at the end of the text, else all but the last, else that one.
    return end == text.count || last == start ? end : last
  }

  /// The length of `(?i:'s|'t|'re|'ve|'m|'ll|'d)` at an apostrophe, or 0. U+017F is an s.
  @inline(__always)
  private func contraction(_ text: UnsafeRawBufferPointer, at start: Int) -> Int {
    guard start + 1 < text.count else { return 0 }
    switch text[start + 1] | 0x20 {
    case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"):
      return text[start + 1] >= 0x40 ? 2 : 0
    case UInt8(ascii: "r"), UInt8(ascii: "v"):
      return start + 2 < text.count && text[start + 2] | 0x20 == UInt8(ascii: "e")
        && text[start + 1] >= 0x40 && text[start + 2] >= 0x40 ? 3 : 0
    case UInt8(ascii: "l"):
      return start + 2 < text.count && text[start + 2] | 0x20 == UInt8(ascii: "l")
        && text[start + 1] >= 0x40 && text[start + 2] >= 0x40 ? 3 : 0
    case 0xe5:  // 0xc5 0xbf
      return text[start + 1] == 0xc5 && start + 2 < text.count && text[start + 2] == 0xbf ? 3 : 0
    default: return 0
    }
  }

  /// The class of the character at `index`, and where the next one begins.
  @inline(__always)
  private func look(_ text: UnsafeRawBufferPointer, _ index: Int) -> (UInt8, Int) {
    let first = text[index]
    if first < 0x80 { return (table.rawClass(UInt32(first)), index + 1) }
    let (code, next) = UTF8Scalars.read(text, index)
    return (table.rawClass(code), next)
  }
}
