import DSXCore
import Jieba

/// `jieba --input FILE --rounds N [--words FILE]`: cuts each line of a file, accurate mode with the model, on
/// one thread; the words are collected as ranges, line by line.
///
/// Loading is not timed. `best` is the fastest round. One JSON line with a SHA-256 of all words, a line feed behind
/// each, which is made after the clock has stopped.
enum JiebaCut {
  static func run(_ arguments: Arguments) throws {
    let file = try MappedFile(path: arguments.text("input"))
    defer { withExtendedLifetime(file) {} }
    let rounds = try arguments.number("rounds", 5)
    var cutter = JiebaCutter(try JiebaDictionary.load())
    let lines = lines(file.bytes)
    var words = 0
    var times: [Double] = []
    var list: [Range<Int>] = []
    for _ in 0..<rounds {
      words = 0
      let start = seconds()
      for line in lines {
        list.removeAll(keepingCapacity: true)
        cutter.cut(UnsafeRawBufferPointer(rebasing: file.bytes[line])) { list.append($0) }
        words += list.count
      }
      times.append(seconds() - start)
    }
    var hash = SHA256()
    for line in lines {
      var text: [UInt8] = []
      let bytes = UnsafeRawBufferPointer(rebasing: file.bytes[line])
      cutter.cut(bytes) { word in
        text.append(contentsOf: bytes[word])
        text.append(0x0a)
      }
      text.withUnsafeBytes { hash.update($0) }
    }
    print(
      JSONValue.object([
        .init("words", .int(Int64(words))),
        .init("seconds", .double(times.sorted()[times.count / 2])),
        .init("best", .double(times.min() ?? 0)),
        .init("sha256", .string(hash.hexDigest())),
      ]).text(.spaced))
  }

  private static func lines(_ bytes: UnsafeRawBufferPointer) -> [Range<Int>] {
    var lines: [Range<Int>] = []
    var start = 0
    for (index, byte) in bytes.enumerated() where byte == 0x0a {
      lines.append(start..<index)
      start = index + 1
    }
    if start < bytes.count { lines.append(start..<bytes.count) }
    return lines
  }
}
