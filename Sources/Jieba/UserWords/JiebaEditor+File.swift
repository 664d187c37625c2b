public import DSXCore

extension JiebaEditor {
  /// `load_userdict(path)`: lines `word[ frequency][ tag]`, added in order.
  ///
  /// A word may contain blanks (then no text can match it, but it counts in the total). Blanks at both ends of a
  /// line and byte-order marks at its start are dropped, empty lines are skipped. Throws `malformed` with file,
  /// line and byte for what is not UTF-8 and for a frequency above 2^53.
  public mutating func load(userDictionary path: String) throws(DSXError) {
    try load(userDictionary: try MappedFile(path: path))
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
