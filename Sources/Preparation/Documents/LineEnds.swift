internal import Glibc

/// Line ends of text in memory.
enum LineEnds {
  /// Whether there is a CR: text without one needs no copy.
  static func hasCarriageReturn(_ text: UnsafeRawBufferPointer) -> Bool {
    guard let base = text.baseAddress else { return false }
    return memchr(base, 0x0d, text.count) != nil
  }

  /// CR LF and CR become LF, in place: Python's universal newlines.
  static func makeLineFeeds(_ text: inout [UInt8]) {
    guard var to = text.firstIndex(of: 0x0d) else { return }
    var from = to
    while from < text.count {
      let byte = text[from]
      from += 1
      if byte == 0x0d {
        if from < text.count, text[from] == 0x0a { from += 1 }
        text[to] = 0x0a
      } else {
        text[to] = byte
      }
      to += 1
    }
    text.removeLast(text.count - to)
  }

  /// The pieces of `text.split("\n\n")` that are not empty.
  static func paragraphs(_ text: [UInt8]) -> [Range<Int>] {
    var scanner = DocumentScanner(rule: .doubleLineFeed)
    var pieces: [Range<Int>] = []
    text.withUnsafeBytes { bytes in
      scanner.scan(bytes, 0..<bytes.count) { pieces.append($0) }
      scanner.finish(bytes, at: bytes.count) { pieces.append($0) }
    }
    return pieces
  }
}
