public import DSXCore

extension JiebaEditor {
  /// `load_userdict(path)`: lines `word[ frequency][ tag]`, added in order.
  ///
  /// A word may contain blanks (then no text can match it, but it counts in the total). Blanks at both ends of a
  /// line and byte-order marks at its start are dropped, empty lines are skipped. Throws `malformed` with file,
  /// line and byte for what is not UTF-8 and for a frequency above 2^53.
  public mutating func load(userDictionary path: String) throws(DSXError) {
    try load(userDictionary: try MappedFile(path: path, required: true))
  }

  mutating func load(userDictionary file: MappedFile) throws(DSXError) {
    defer { withExtendedLifetime(file) {} }
    let bytes = file.bytes
    var start = 0
    var number = 0
    while start < bytes.count {
      number += 1
      var end = start
      while end < bytes.count, bytes[end] != 0x0a { end += 1 }
      do throws(DSXError) {
        let line = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
        if let bad = UTF8Validation.firstInvalid(line) {
          throw DSXError(
            .malformed, "the user dictionary is not valid UTF-8", byte: start + bad,
            hint: "convert the file to UTF-8 first, for example with iconv")
        }
        if let entry = try UserDictionaryLine(line) {
          try add(entry.word, frequency: entry.frequency)
        }
      } catch {
        var failure = error.inFile(file.path)
        failure.location.line = number
        throw failure
      }
      start = end + 1
    }
  }
}

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
