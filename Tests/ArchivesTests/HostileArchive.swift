import CDeflate
import DSXCore
import Testing

@testable import Archives

/// An archive that must be refused, and how.
struct HostileArchive: CustomTestStringConvertible {
  var name: String
  var bytes: [UInt8]
  var code: DSXError.Code
  /// Words of the message.
  var words: String
  var isZip = true

  var testDescription: String { name }

  /// All of them, made here.
  static let all: [HostileArchive] = zipNames + zipKinds + zipLies + zipBombs + tars + tarBombs

  /// A zip archive of two members, changed.
  private static func zip(
    _ name: String, _ code: DSXError.Code, _ words: String, _ change: (inout ZipDraft) -> Void
  ) -> HostileArchive {
    var draft = ZipDraft([.init("a.txt", "hello"), .init("b.txt", "world")])
    change(&draft)
    return HostileArchive(name: name, bytes: draft.bytes, code: code, words: words)
  }

  private static let zipNames: [HostileArchive] =
    [
      ("dot-dot", "../evil", "leads out"), ("dot-dot inside", "a/../../evil", "leads out"),
      ("dot-dot at the end", "a/..", "leads out"), ("absolute", "/tmp/dsx-evil", "absolute"),
      ("backslash", "..\\evil", "leads out"), ("backslash absolute", "\\evil", "absolute"),
      ("network share", "\\\\server\\share\\evil", "absolute"), ("drive", "C:evil", "drive"),
      ("drive and path", "c:\\evil", "drive"), ("NUL", "a\0b", "NUL"),
      ("right to left", "a\u{202e}txt.exe", "direction"), ("isolate", "a\u{2066}b", "direction"),
      ("only dots", "./.", "without a name"), ("nothing", "", "without a name"),
      ("same again", "a.txt", "again"), ("same in other words", "./a.txt", "again"),
      ("same with two slashes", "d//../a", "leads out"), ("file as folder", "a.txt/b", "folder"),
    ].map { name, member, words in
      zip("zip name: " + name, .unsafeArchive, words) { $0.members[1].name = Array(member.utf8) }
    } + [
      zip("zip name: too long", .archiveLimit, "over 255 bytes") {
        $0.members[1].name = [UInt8](repeating: 0x61, count: 256)
      },
      zip("zip name: too deep", .archiveLimit, "32 folders") {
        $0.members[1].name = Array((String(repeating: "d/", count: 3000) + "x").utf8)
      },
      zip("zip name: no UTF-8", .unsafeArchive, "UTF-8") {
        $0.members[1].flags = 0x800
        $0.members[1].name = [0xc0, 0xaf]
      },
      zip("zip name: another in the header", .unsafeArchive, "two names") {
        $0.members[1].localName = Array("../..".utf8)
      },
    ]

  private static let zipKinds: [HostileArchive] =
    [
      ("link", 0o120777), ("FIFO", 0o010644), ("character device", 0o020644),
      ("block device", 0o060644), ("socket", 0o140644),
    ].map { name, mode in
      zip("zip kind: " + name, .unsafeArchive, "link or a device") { $0.members[1].mode = mode }
    } + [
      zip("zip kind: folder with content", .unsafeArchive, "has content") {
        $0.members[1].name = Array("folder/".utf8)
      },
      zip("zip kind: encrypted", .unsupported, "encrypted") { $0.members[1].flags = 1 },
      zip("zip kind: strongly encrypted", .unsupported, "encrypted") { $0.members[1].flags = 0x40 },
      zip("zip kind: another method", .unsupported, "method 12") { $0.members[1].method = 12 },
      zip("zip kind: several disks", .unsupported, "several") { $0.disk = 1 },
    ]

  private static let zipLies: [HostileArchive] = [
    zip("zip lie: checksum", .corrupt, "checksum") { $0.members[1].crc = 7 },
    zip("zip lie: unpacked size", .corrupt, "two sizes") { $0.members[1].unpacked = 4 },
    zip("zip lie: data beyond the end", .corrupt, "outside") {
      $0.members[1].packed = 1 << 30
      $0.members[1].unpacked = 1 << 30
    },
    zip("zip lie: no deflate data", .corrupt, "damaged") {
      $0.members[1].method = 8
      $0.members[1].content = [0xff, 0xff, 0xff]
    },
    zip("zip lie: fewer entries", .corrupt, "more than its 1") { $0.entries = 1 },
    zip("zip lie: more entries", .corrupt, "3 entries") { $0.entries = 3 },
    zip("zip lie: 65,000 entries", .corrupt, "65000 entries") { $0.entries = 65_000 },
    zip("zip lie: place of the directory", .corrupt, "end record") { $0.directoryShift = 3 },
    zip("zip lie: place of an entry", .corrupt, "outside") { $0.members[1].offset = 1 << 20 },
    zip("zip lie: place within another entry", .archiveLimit, "share their data") {
      $0.members[1].offset = 7
    },
    zip("zip lie: sizes of 2^63", .corrupt, "outside") {
      $0.members[1].packed = 0xffff_ffff
      $0.members[1].unpacked = 0xffff_ffff
      $0.members[1].extra = [1, 0, 16, 0] + [UInt8](repeating: 0xff, count: 16)
    },
    zip("zip lie: large sizes that are nowhere", .corrupt, "large size") {
      $0.members[1].packed = 0xffff_ffff
    },
    HostileArchive(
      name: "zip lie: 2^40 entries", bytes: zip64(entries: 1 << 40), code: .archiveLimit,
      words: "members"),
    HostileArchive(
      name: "zip lie: two ends", bytes: twoEnds(), code: .unsafeArchive, words: "two end records"),
    HostileArchive(
      name: "zip cut", bytes: Array(ZipDraft([.init("a.txt", "hello")]).bytes.dropLast(9)),
      code: .corrupt, words: "no end record"),
    HostileArchive(name: "zip: empty file", bytes: [], code: .malformed, words: "no zip archive"),
    HostileArchive(
      name: "zip: a web page", bytes: Array("<html>not found</html>".utf8), code: .malformed,
      words: "no zip archive"),
  ]

  /// An archive whose zip64 record claims that many entries.
  private static func zip64(entries: UInt64) -> [UInt8] {
    func number(_ value: UInt64, _ width: Int) -> [UInt8] {
      (0..<width).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
    }
    let plain = ZipDraft([.init("a.txt", "hello")]).bytes
    let end = plain.count - 22
    let directory = Int(plain[end + 12])
    var file = Array(plain[..<end])
    let record = file.count
    file += [0x50, 0x4b, 6, 6] + number(44, 8) + number(45, 2) + number(45, 2) + number(0, 8)
    file += number(entries, 8) + number(entries, 8) + number(UInt64(directory), 8)
    file += number(UInt64(record - directory), 8)
    file += [0x50, 0x4b, 6, 7] + number(0, 4) + number(UInt64(record), 8) + number(1, 4)
    return file + [0x50, 0x4b, 5, 6] + number(0, 4) + [UInt8](repeating: 0xff, count: 12)
      + number(0, 2)
  }

  /// Two archives in one: the second's whole content is the comment of the first's end record.
  private static func twoEnds() -> [UInt8] {
    var first = ZipDraft([.init("a.txt", "hello")])
    var second = ZipDraft([.init("b.txt", "world")])
    second.prefix = [UInt8](repeating: 0, count: first.bytes.count)
    first.comment = Array(second.bytes[first.bytes.count...])
    return first.bytes
  }

  private static let zipBombs: [HostileArchive] = [
    zip("zip bomb: ratio", .archiveLimit, "200 times") { $0.members[1] = deflated(48 << 20) },
    zip("zip bomb: hidden behind a small size", .corrupt, "100 bytes") {
      $0.members[1] = deflated(48 << 20)
      $0.members[1].unpacked = 100
    },
    zip("zip bomb: sum of many", .archiveLimit, "times its size") { draft in
      draft.members = (0..<30).map { number in
        var member = deflated(4 << 20)
        member.name = Array("m\(number)".utf8)
        return member
      }
    },
    zip("zip bomb: a terabyte", .archiveLimit, "more than") { draft in
      draft.members = (0..<300).map { number in
        var member = ZipDraft.Member("m\(number)")
        member.method = 8
        member.unpacked = 0xffff_fff0
        return member
      }
    },
    zip("zip bomb: shared data", .archiveLimit, "share their data") { draft in
      draft.members = (0..<250).map { number in
        var member = deflated(1 << 20)
        member.name = Array("m\(number)".utf8)
        if number > 0 { member.offset = 0 }
        return member
      }
    },
  ]

  /// A member of that many zeros, deflated.
  private static func deflated(_ count: Int) -> ZipDraft.Member {
    let zeros = [UInt8](repeating: 0, count: count)
    var member = ZipDraft.Member("b.txt")
    member.crc = ZipDraft.crc(zeros)
    member.method = 8
    member.unpacked = count
    let compressor = libdeflate_alloc_compressor(6)
    defer { libdeflate_free_compressor(compressor) }
    member.content = [UInt8](unsafeUninitializedCapacity: count / 100 + 1000) { buffer, used in
      used = libdeflate_deflate_compress(
        compressor, zeros, zeros.count, buffer.baseAddress, buffer.count)
    }
    return member
  }
}
