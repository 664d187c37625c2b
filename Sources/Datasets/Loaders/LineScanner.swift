internal import DSXCore

/// Cuts a mapped text file into physical lines and counts them.
struct LineScanner {
  private let bytes: UnsafeRawBufferPointer
  /// Whether a CR that no LF follows ends a line too, as in CSV.
  private let splitsAtCR: Bool
  /// Byte offset of the next line.
  private(set) var position: Int
  /// Number of the line that was handed out last, from 1; 0 before the first.
  private(set) var line = 0

  /// A scanner at the start, after a UTF-8 byte order mark.
  init(_ bytes: UnsafeRawBufferPointer, splitsAtCR: Bool = false) {
    self.bytes = bytes
    self.splitsAtCR = splitsAtCR
    position = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
  }

  /// Goes to a byte offset that began a line before, counting the lines in front of it.
  mutating func restore(to target: Int) throws(DSXError) {
    var fresh = LineScanner(bytes, splitsAtCR: splitsAtCR)
    while fresh.position < target, fresh.next() != nil {}
    guard fresh.position == target else {
      throw DSXError(.usage, "the saved position is not in this file", byte: target)
    }
    self = fresh
  }

  /// The next line with its line end, or nil at the end of the file.
  mutating func next() -> UnsafeRawBufferPointer? {
    guard position < bytes.count else { return nil }
    let start = position
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == 0x0a { break }
      if byte == 0x0d, splitsAtCR, position == bytes.count || bytes[position] != 0x0a { break }
    }
    line += 1
    return UnsafeRawBufferPointer(rebasing: bytes[start..<position])
  }
}
