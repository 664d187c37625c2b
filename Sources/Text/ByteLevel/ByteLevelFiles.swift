internal import DSXCore

/// `merges.txt` of the older form: a pair a line.
enum ByteLevelFiles {
  /// Two pieces with one blank between them.
  static func pair(_ line: some RandomAccessCollection<UInt8>) -> (left: String, right: String)? {
    guard let blank = line.firstIndex(of: 0x20) else { return nil }
    let right = line[line.index(after: blank)...]
    guard blank != line.startIndex, !right.isEmpty, !right.contains(0x20) else { return nil }
    return (
      String(decoding: line[..<blank], as: UTF8.self), String(decoding: right, as: UTF8.self)
    )
  }

  /// The lines of `merges.txt` in rank order. A `#version` line is no merge.
  static func merges(_ path: String) throws(DSXError) -> [(left: String, right: String)] {
    let file = try MappedFile(path: path)
    // The lines point into the mapping.
    defer { withExtendedLifetime(file) {} }
    if let bad = UTF8Validation.firstInvalid(file.bytes) {
      throw DSXError(.malformed, "the merges are not valid UTF-8", file: path, byte: bad)
    }
    var merges: [(left: String, right: String)] = []
    var number = 0
    var start = 0
    while start < file.bytes.count {
      number += 1
      let end = file.bytes[start...].firstIndex(of: 0x0a) ?? file.bytes.count
      var line = file.bytes[start..<end]
      start = end + 1
      if line.last == 0x0d { line.removeLast() }
      if line.starts(with: "#version".utf8) { continue }
      if line.isEmpty, start >= file.bytes.count { break }
      guard let pair = pair(line) else {
        throw DSXError(
          .malformed, "a merge must be two pieces with one blank between them", file: path,
          line: number)
      }
      merges.append(pair)
    }
    return merges
  }
}
