internal import DSXCore

/// The passages of a wikitext file as MindFormers' GPT-2 script takes them: the lines between two
/// headings, each stripped and cleaned, joined by one blank.
enum WikitextPassages {
  /// The passages of `text` (UTF-8), in order.
  ///
  /// A line is a heading when it begins and ends with `=`. The original never hands on the passage
  /// behind the last heading (`dropsLast`).
  static func passages(_ text: UnsafeRawBufferPointer, dropsLast: Bool) -> [[UInt8]] {
    var found: [[UInt8]] = []
    var lines: [[UInt8]] = []
    var start = 0
    func close() {
      guard !lines.isEmpty else { return }
      found.append(passage(lines))
      lines = []
    }
    while start < text.count {
      var end = start
      while end < text.count, text[end] != 0x0a, text[end] != 0x0d { end += 1 }
      let raw = Array(text[start..<end])
      let line = Array(raw[PythonWhitespace.trimmed(raw, 0..<raw.count)])
      start = end + 1
      guard let first = line.first else { continue }
      if first == UInt8(ascii: "="), line.last == first { close() } else { lines.append(line) }
    }
    if !dropsLast { close() }
    return found
  }

  private static func passage(_ lines: [[UInt8]]) -> [UInt8] {
    var joined: [UInt8] = []
    for var line in lines {
      WikitextCleaning.clean(&line, isGPT2: true)
      joined.append(0x20)
      joined.append(contentsOf: line)
    }
    return Array(joined[PythonWhitespace.trimmed(joined, 0..<joined.count)])
  }
}
