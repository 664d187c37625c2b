internal import DSXCore
internal import Glibc

/// JSON lines of a file that fits the page cache: the small files of evaluation sets.
enum ExampleLines {
  /// Hands each line's value and number (from 1) to `body`.
  ///
  /// Lines end at LF, CR LF or CR, as Python's text mode takes them. Blank lines are left out, or an
  /// error when `blankLines` says that they are none. Errors name file, line and byte.
  static func read(
    _ path: String, blankLines: Bool, _ body: (JSONValue, Int) throws(DSXError) -> Void
  ) throws(DSXError) {
    let file = try MappedFile(path: path)
    try file.withBytes { (bytes) throws(DSXError) in
      var line = 0
      var start = 0
      while start < bytes.count {
        var end = start
        while end < bytes.count, bytes[end] != 0x0a, bytes[end] != 0x0d { end += 1 }
        line += 1
        let text = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
        do throws(DSXError) {
          if blankLines || text.contains(where: { $0 != 0x20 && $0 != 0x09 }) {
            try body(try JSONParser.parse(text, base: start), line)
          }
        } catch {
          var error = error.inFile(path)
          if error.location.line == nil { error.location.line = line }
          throw error
        }
        start = end + 1
        if end < bytes.count, bytes[end] == 0x0d, start < bytes.count, bytes[start] == 0x0a {
          start += 1
        }
      }
    }
  }
}
