import DSXCore
import Glibc
import Text

/// Encodes the lines of the files that `--input` (a pattern) names with the SentencePiece model
/// `--model`, on one thread. `--unique yes` takes every line once. Loading is not in the time; the digest
/// is over the int32 ids of all lines, one -1 behind each line.
enum SentencePieceEncode {
  static func run(_ arguments: Arguments) throws {
    let tokenizer = try SentencePieceTokenizer(path: try arguments.text("model"))
    let files = try matches(try arguments.text("input")).map { try MappedFile(path: $0) }
    defer { withExtendedLifetime(files) {} }
    var lines: [UnsafeRawBufferPointer] = []
    for file in files {
      for line in file.bytes.split(separator: 0x0a) {
        lines.append(UnsafeRawBufferPointer(rebasing: line))
      }
    }
    if (try? arguments.text("unique")) == "yes" {
      var seen: Set<[UInt8]> = []
      lines = lines.filter { seen.insert(Array($0)).inserted }
    }
    let megabytes = Double(lines.reduce(0) { $0 + $1.count }) / 1e6
    let start = seconds()
    var encoder = tokenizer.makeEncoder()
    var ids: [Int32] = []
    for line in lines {
      encoder.encode(line, into: &ids)
      ids.append(-1)
    }
    let time = seconds() - start
    var hash = SHA256()
    ids.withUnsafeBytes { hash.update($0) }
    print(
      "{\"seconds\":\(time),\"tokens\":\(ids.count - lines.count),\"sha256\":\"\(hash.hexDigest())\","
        + "\"megabytes\":\(megabytes)}")
  }

  private static func matches(_ pattern: String) throws -> [String] {
    var result = glob_t()
    defer { globfree(&result) }
    guard glob(pattern, 0, nil, &result) == 0, let paths = result.gl_pathv else {
      throw Arguments.Failure("no file matches \(pattern)")
    }
    return (0..<Int(result.gl_pathc)).compactMap { paths[$0].map { String(cString: $0) } }
  }
}
