internal import DSXCore

/// Lines of several files that belong together, line by line. Files of unequal length are an error.
struct ParallelLines {
  private var files: [ByteLines]
  private let paths: [String]
  private var row = 0
  private var isDone = false

  init(paths: [String]) throws(DSXError) {
    self.paths = paths
    files = []
    for path in paths { files.append(try ByteLines(path: path)) }
  }

  /// The next lines of all files: up to 1,024 rows or about 1 MiB.
  mutating func next() throws(DSXError) -> LineBlock? {
    guard !isDone else { return nil }
    var block = LineBlock(firstRow: row, files: files.count)
    while block.rows < 1024, block.bytes.count < 1 << 20 {
      var missing: [Int] = []
      for index in files.indices {
        let more = try files[index].next { (line, number, _) throws(DSXError) in
          if let bad = UTF8Validation.firstInvalid(line) {
            throw DSXError(.malformed, "invalid UTF-8 at byte \(bad) of the line", line: number)
          }
          block.append(line, isFirst: number == 1)
        }
        if !more { missing.append(index) }
      }
      if missing.isEmpty {
        row += 1
        continue
      }
      isDone = true
      guard missing.count == files.count else { throw unequal(missing) }
      for file in files { file.close() }
      break
    }
    return block.rows == 0 ? nil : block
  }

  private func unequal(_ short: [Int]) -> DSXError {
    let ended = short[0]
    let longer = files.indices.first { !short.contains($0) } ?? 0
    return DSXError(
      .malformed,
      "'\(paths[ended])' has \(row) lines, but '\(paths[longer])' has more",
      file: paths[longer], line: row + 1,
      hint: "line N of every file belongs to the same example")
  }
}

/// Some rows of lines, side by side in one buffer.
struct LineBlock: Sendable {
  let firstRow: Int
  let files: Int
  private(set) var bytes: [UInt8] = []
  private var ends: [Int] = []

  init(firstRow: Int, files: Int) {
    self.firstRow = firstRow
    self.files = files
  }

  var rows: Int { ends.count / files }

  /// Appends a line without the CR of a CRLF ending; a byte order mark at a file's start is dropped.
  mutating func append(_ line: UnsafeRawBufferPointer, isFirst: Bool) {
    var part = line[...]
    if isFirst, part.starts(with: [0xef, 0xbb, 0xbf]) { part = part.dropFirst(3) }
    if part.last == 0x0d { part = part.dropLast() }
    bytes.append(contentsOf: part)
    ends.append(bytes.count)
  }

  /// The text of row `row` in file `file`.
  func text(_ row: Int, _ file: Int) -> String {
    let place = row * files + file
    return String(decoding: bytes[(place == 0 ? 0 : ends[place - 1])..<ends[place]], as: UTF8.self)
  }
}
