internal import DSXCore

/// One line of a user dictionary: jieba's `^(.+?)( [0-9]+)?( [a-z]+)?$`.
struct UserDictionaryLine {
  let word: String
  let frequency: Int?

  /// Nil for an empty line. `line` is valid UTF-8 without its line feed.
  init?(_ line: UnsafeRawBufferPointer) throws(DSXError) {
    var (start, end) = (0, line.count)
    while start < end, DictionaryText.isBlank(line[start]) { start += 1 }
    while end > start, DictionaryText.isBlank(line[end - 1]) { end -= 1 }
    // Byte-order marks, as `lstrip("\ufeff")`: of any line, and any number.
    while end - start >= 3, line[start] == 0xef, line[start + 1] == 0xbb, line[start + 2] == 0xbf {
      start += 3
    }
    guard start < end else { return nil }
    // The shortest word that leaves a frequency and a tag, or one of them, behind it; it has a
    // character at least.
    let tag = Self.field(line, start, end) { $0 &- 0x61 < 26 }
    let afterTag = Self.field(line, start, tag ?? end) { $0 &- 0x30 < 10 }
    let number = afterTag.map { $0 + 1..<(tag ?? end) }
    word = String(decoding: line[start..<(afterTag ?? tag ?? end)], as: UTF8.self)
    guard let number else {
      frequency = nil
      return
    }
    var value: UInt64 = 0
    for index in number {
      value = value * 10 + UInt64(line[index] &- 0x30)
      guard value <= DictionaryText.maximumFrequency else {
        throw DSXError(
          .malformed, "the frequency of '\(word)' is above 2^53",
          hint: "a line is a word, then a frequency and a tag when wanted, each after a blank")
      }
    }
    frequency = Int(value)
  }

  /// Where the blank stands before a last field of such bytes; nil when there is no such field, or
  /// nothing before it.
  private static func field(
    _ line: UnsafeRawBufferPointer, _ start: Int, _ end: Int, _ isPart: (UInt8) -> Bool
  ) -> Int? {
    var index = end
    while index > start, isPart(line[index - 1]) { index -= 1 }
    guard index < end, index - 1 > start, line[index - 1] == 0x20 else { return nil }
    return index - 1
  }
}
