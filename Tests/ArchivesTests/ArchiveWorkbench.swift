import DSXCore
import Glibc
import Testing

@testable import Archives

/// A folder that is removed when the test is over.
final class TestFolder {
  let path: String
  init() throws {
    path = "/tmp/dsx-test-\(UInt64.random(in: .min ... .max))"
    try FilePath.makeFolder(path)
  }
  deinit { try? FilePath.removeTree(path) }

  @discardableResult
  func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    let file = FilePath.join(path, name)
    try FilePath.write(bytes, to: file)
    return file
  }
}

extension ByteSource {
  /// All that is left.
  func all(step: Int = 4096) throws(DSXError) -> [UInt8] {
    var bytes: [UInt8] = []
    while try read(upTo: step, into: &bytes) > 0 {}
    return bytes
  }
}

/// The code of what `body` throws; nil when it throws nothing.
func code(_ body: () throws -> Void) -> DSXError.Code? {
  do {
    try body()
    return nil
  } catch { return (error as? DSXError)?.code }
}

/// Whether a program is there; tests of formats that dsx does not write need their tools.
func run(_ arguments: [String], in folder: String) -> Bool {
  let line =
    "cd '\(folder)' && "
    + arguments.map { "'" + $0 + "'" }.joined(separator: " ") + " >/dev/null 2>&1"
  return system(line) == 0
}

/// A zip archive written field by field, so that each can be wrong.
struct ZipDraft {
  struct Member {
    var name: [UInt8]
    var localName: [UInt8]?
    var content: [UInt8]
    var method = 0
    var flags = 0
    var crc: UInt32?
    var packed: Int?
    var unpacked: Int?
    var mode = 0o100644
    var offset: Int?
    var extra: [UInt8] = []

    init(_ name: String, _ content: String = "x") {
      self.name = Array(name.utf8)
      self.content = Array(content.utf8)
    }
  }

  var members: [Member]
  var prefix: [UInt8] = []
  var comment: [UInt8] = []
  var entries: Int?
  var disk = 0
  var directoryShift = 0

  init(_ members: [Member]) { self.members = members }

  var bytes: [UInt8] {
    func two(_ value: Int) -> [UInt8] { [UInt8(value & 255), UInt8(value >> 8 & 255)] }
    func four(_ value: Int) -> [UInt8] { two(value & 0xffff) + two(value >> 16 & 0xffff) }
    var file = prefix
    var directory: [UInt8] = []
    for member in members {
      let place = member.offset ?? (file.count - prefix.count)
      let crc = Int(member.crc ?? Self.crc(member.content))
      let sizes =
        four(member.packed ?? member.content.count)
        + four(member.unpacked ?? member.content.count)
      let local = member.localName ?? member.name
      let head = two(member.flags) + two(member.method) + four(0) + four(crc) + sizes
      if member.offset == nil {
        file += [0x50, 0x4b, 3, 4] + two(20) + head + two(local.count) + two(0) + local
        file += member.content
      }
      directory += [0x50, 0x4b, 1, 2] + two(3 << 8 | 20) + two(20) + head
      directory += two(member.name.count) + two(member.extra.count) + two(0) + two(0) + two(0)
      directory += four(member.mode << 16) + four(place) + member.name + member.extra
    }
    let place = file.count - prefix.count + directoryShift
    file += directory
    let count = entries ?? members.count
    file += [0x50, 0x4b, 5, 6] + two(disk) + two(disk) + two(count) + two(count)
    return file + four(directory.count) + four(place) + two(comment.count) + comment
  }

  static func crc(_ bytes: [UInt8]) -> UInt32 { bytes.withUnsafeBytes { Inflater.crc32(0, $0) } }
}

/// A tar archive of ustar headers, written field by field.
struct TarDraft {
  var bytes: [UInt8] = []

  mutating func add(
    _ name: String, _ content: [UInt8] = [], type: Character = "0", size: Int? = nil,
    link: String = ""
  ) {
    var header = [UInt8](repeating: 0, count: 512)
    func put(_ text: [UInt8], _ at: Int) {
      header.replaceSubrange(at..<at + text.count, with: text)
    }
    func octal(_ value: Int, _ width: Int) -> [UInt8] {
      let digits = String(value, radix: 8)
      return Array((String(repeating: "0", count: max(0, width - digits.count)) + digits).utf8)
    }
    put(Array(name.utf8.prefix(100)), 0)
    put(octal(0o644, 7), 100)
    put(octal(0, 7), 108)
    put(octal(0, 7), 116)
    put(octal(size ?? content.count, 11), 124)
    put(octal(0, 11), 136)
    put(Array("        ".utf8), 148)
    put(Array(String(type).utf8), 156)
    put(Array(link.utf8), 157)
    put(Array("ustar".utf8) + [0] + Array("00".utf8), 257)
    put(octal(header.reduce(0) { $0 + Int($1) }, 6) + [0, 0x20], 148)
    bytes += header + content
    bytes += [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
  }

  mutating func finish() { bytes += [UInt8](repeating: 0, count: 1024) }
}
