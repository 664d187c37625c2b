internal import Archives
internal import DSXCore

/// Where a byte of an input's text is, in words that a user can go to.
enum TextLocation {
  /// The place of byte `byte`: of the file, or of the text that it holds packed. Only errors need a
  /// line, so the text is read once more then and no line is counted on the way of good text.
  static func of(
    _ file: InputFile, _ member: String?, byte: Int, _ options: DocumentOptions
  ) -> DSXError.Location {
    let format = options.format(of: file.path).format
    let name = name(file, member)
    if format.container == .plain {
      return DSXError.Location(
        file: name, line: LineNumber.of(byte: byte, in: file.path), byte: byte)
    }
    let line = try? count(file, member, format, upTo: byte, options.limits)
    return DSXError.Location(file: name, line: line ?? nil, byte: byte)
  }

  /// What messages call a text: `file` or `archive.zip:member`.
  static func name(_ file: InputFile, _ member: String?) -> String {
    member.map { file.path + ":" + $0 } ?? file.path
  }

  private static func count(
    _ file: InputFile, _ member: String?, _ format: InputFormat, upTo byte: Int,
    _ limits: ArchiveLimits
  ) throws(DSXError) -> Int? {
    var contents = try InputContents(file, format, limits)
    while let text = try contents.next() {
      guard text.member == member else { continue }
      var (line, position, wasReturn) = (1, 0, false)
      var buffer: [UInt8] = []
      while position < byte {
        buffer.removeAll(keepingCapacity: true)
        let got = try text.source.read(upTo: min(64 << 10, byte - position), into: &buffer)
        guard got > 0 else { break }
        for byte in buffer {
          // CR LF counts once, at its CR; a CR alone is a line end too.
          if byte == 0x0d || (byte == 0x0a && !wasReturn) { line += 1 }
          wasReturn = byte == 0x0d
        }
        position += got
      }
      return line
    }
    return nil
  }
}
