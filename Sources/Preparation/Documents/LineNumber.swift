internal import DSXCore

/// Finds the line of a byte. Only errors need it, so the file is read once more then and no line is
/// counted on the way of good text.
enum LineNumber {
  /// The number, from 1, of the line of `path` that holds `byte`; nil when it cannot be read again.
  static func of(byte: Int, in path: String) -> Int? {
    guard let file = try? MappedFile(path: path), byte <= file.bytes.count else { return nil }
    // The mapping lives as long as the object does.
    return withExtendedLifetime(file) { count(file.bytes, upTo: byte) }
  }

  private static func count(_ bytes: UnsafeRawBufferPointer, upTo byte: Int) -> Int {
    var line = 1
    var position = 0
    while position < byte {
      // CR LF counts once, at its LF; a CR alone is a line end too.
      switch bytes[position] {
      case 0x0a: line += 1
      case 0x0d:
        let next = position + 1
        if next >= bytes.count || bytes[next] != 0x0a { line += 1 }
      default: break
      }
      position += 1
    }
    return line
  }
}
