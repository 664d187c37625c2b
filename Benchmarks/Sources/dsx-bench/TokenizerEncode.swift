import DSXCore
import Text

/// `tokenizer --tokenizer PATH --input FILE --rounds N`: encodes each line of a file on one thread, without
/// special tokens.
///
/// Loading is not timed. One JSON line: tokens, seconds (median of the rounds), best, and the SHA-256 of all
/// ids as little-endian int32, which is made after the clock has stopped.
enum TokenizerEncode {
  static func run(_ arguments: Arguments) throws {
    let file = try MappedFile(path: arguments.text("input"))
    defer { withExtendedLifetime(file) {} }
    let rounds = try arguments.number("rounds", 5)
    let start = seconds()
    let tokenizer = try TokenizerFile(path: arguments.text("tokenizer")).load()
    let loading = seconds() - start
    var lines: [UnsafeRawBufferPointer] = []
    var first = 0
    for (index, byte) in file.bytes.enumerated() where byte == 0x0a {
      lines.append(UnsafeRawBufferPointer(rebasing: file.bytes[first..<index]))
      first = index + 1
    }
    if first < file.bytes.count {
      lines.append(UnsafeRawBufferPointer(rebasing: file.bytes[first...]))
    }
    var encoder = tokenizer.makeEncoder()
    var ids: [Int32] = []
    var tokens = 0
    var times: [Double] = []
    for _ in 0..<rounds {
      tokens = 0
      let start = seconds()
      for line in lines {
        ids.removeAll(keepingCapacity: true)
        encoder.encode(line, into: &ids)
        tokens += ids.count
      }
      times.append(seconds() - start)
    }
    var hash = SHA256()
    for line in lines {
      ids.removeAll(keepingCapacity: true)
      encoder.encode(line, into: &ids)
      ids.withUnsafeBytes { hash.update($0) }
    }
    print(
      JSONValue.object([
        .init("tokens", .int(Int64(tokens))),
        .init("seconds", .double(times.sorted()[times.count / 2])),
        .init("best", .double(times.min() ?? 0)),
        .init("loading", .double(loading)),
        .init("sha256", .string(hash.hexDigest())),
      ]).text(.spaced))
  }
}
