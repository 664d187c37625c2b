import CArchive
import DSXCore

@testable import Archives

extension HostileArchive {
  private static func tar(
    _ name: String, _ code: DSXError.Code, _ words: String, _ change: (inout TarDraft) -> Void
  ) -> HostileArchive {
    var draft = TarDraft()
    draft.add("a.txt", Array("hello".utf8))
    change(&draft)
    draft.finish()
    return HostileArchive(
      name: "tar " + name, bytes: draft.bytes, code: code, words: words, isZip: false)
  }

  /// A member whose real name stands in front of it: `x` by pax, `L` by GNU.
  private static func long(_ draft: inout TarDraft, _ kind: Character, _ name: String) {
    if kind == "L" {
      draft.add("././@LongLink", Array(name.utf8) + [0], type: "L")
    } else {
      let rest = " path=\(name)\n"
      let length = rest.utf8.count + 2
      draft.add("PaxHeaders/x", Array("\(length)\(rest)".utf8), type: "x")
    }
    draft.add("short.txt", Array("x".utf8))
  }

  static let tars: [HostileArchive] = [
    tar("dot-dot", .unsafeArchive, "leads out") { $0.add("../evil", [1]) },
    tar("absolute", .unsafeArchive, "absolute") { $0.add("/tmp/dsx-evil", [1]) },
    tar("backslash", .unsafeArchive, "leads out") { $0.add("..\\evil", [1]) },
    tar("drive", .unsafeArchive, "drive") { $0.add("C:evil", [1]) },
    tar("link", .unsafeArchive, "link or a device") { $0.add("l", type: "2", link: "/etc/passwd") },
    tar("link, then through it", .unsafeArchive, "link or a device") {
      $0.add("d", type: "2", link: "/tmp")
      $0.add("d/evil", [1])
    },
    tar("hard link", .unsafeArchive, "link or a device") { $0.add("l", type: "1", link: "a.txt") },
    tar("character device", .unsafeArchive, "link or a device") { $0.add("null", type: "3") },
    tar("block device", .unsafeArchive, "link or a device") { $0.add("sda", type: "4") },
    tar("FIFO", .unsafeArchive, "link or a device") { $0.add("pipe", type: "6") },
    tar("same again", .unsafeArchive, "again") { $0.add("a.txt", [1]) },
    tar("same in other words", .unsafeArchive, "again") { $0.add("./a.txt", [1]) },
    tar("file as folder", .unsafeArchive, "folder") { $0.add("a.txt/b", [1]) },
    tar("right to left", .unsafeArchive, "direction") { $0.add("a\u{202e}txt.exe", [1]) },
    tar("two terabytes", .archiveLimit, "unpacks to more than") {
      // Base-256, as GNU tar writes sizes that eight octal digits do not hold.
      $0.add("big", size: 0o77777777777)
      $0.setLastSize([0x80, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0])
    },
    tar("cut within a member", .corrupt, "too early") { $0.add("big", size: 1 << 30) },
    tar("pax name", .unsafeArchive, "leads out") { long(&$0, "x", "../../evil") },
    tar("GNU long name", .unsafeArchive, "leads out") { long(&$0, "L", "../../evil") },
    tar("GNU long name, too deep", .archiveLimit, "32 folders") {
      long(&$0, "L", String(repeating: "d/", count: 40) + "x")
    },
    tar("pax name, too long", .archiveLimit, "255 bytes") { draft in
      let name = String(repeating: "n", count: 300)
      let line = "310 path=\(name)\n"
      draft.add("PaxHeaders/x", Array(line.utf8), type: "x")
      draft.add("short.txt", [1])
    },
    tar("header checksum", .corrupt, "damaged") {
      $0.add("b.txt", [1])
      $0.bytes[$0.bytes.count - 1024 + 3] ^= 1
    },
  ]

  static let tarBombs: [HostileArchive] = Compression.allCases.flatMap { compression in
    let packed = packed(zeros: 48 << 20, compression)
    return [
      HostileArchive(
        name: "tar.\(compression.nameSuffix) bomb", bytes: packed, code: .archiveLimit,
        words: "bomb", isZip: false),
      HostileArchive(
        name: "tar.\(compression.nameSuffix) cut",
        bytes: Array(Self.packed(zeros: 3000, compression).dropLast(12)), code: .corrupt, words: "",
        isZip: false),
    ]
  }

  /// A compressed tar archive with one member of zeros, by libarchive.
  private static func packed(zeros: Int, _ compression: Compression) -> [UInt8] {
    let archive = archive_write_new()
    defer { archive_write_free(archive) }
    switch compression {
    case .gzip: archive_write_add_filter_gzip(archive)
    case .zstd: archive_write_add_filter_zstd(archive)
    case .xz: archive_write_add_filter_xz(archive)
    case .bzip2: archive_write_add_filter_bzip2(archive)
    }
    archive_write_set_format_ustar(archive)
    archive_write_set_bytes_in_last_block(archive, 1)
    var size = 0
    return [UInt8](unsafeUninitializedCapacity: 1 << 20) { buffer, used in
      archive_write_open_memory(archive, buffer.baseAddress, buffer.count, &size)
      let entry = archive_entry_new()
      archive_entry_set_pathname(entry, "zeros")
      archive_entry_set_size(entry, Int64(zeros))
      archive_entry_set_filetype(entry, 0o100000)
      archive_entry_set_perm(entry, 0o644)
      archive_write_header(archive, entry)
      let piece = [UInt8](repeating: 0, count: 1 << 20)
      for start in stride(from: 0, to: zeros, by: piece.count) {
        archive_write_data(archive, piece, min(piece.count, zeros - start))
      }
      archive_entry_free(entry)
      archive_write_close(archive)
      used = size
    }
  }
}

extension TarDraft {
  /// Puts another size field (12 bytes) into the header that was added last, which has no content.
  mutating func setLastSize(_ field: [UInt8]) {
    let header = bytes.count - 512
    bytes.replaceSubrange(header + 124..<header + 136, with: field)
    bytes.replaceSubrange(header + 148..<header + 156, with: Array("        ".utf8))
    let sum = bytes[header..<header + 512].reduce(0) { $0 + Int($1) }
    let digits = String(sum, radix: 8)
    let text = String(repeating: "0", count: 6 - digits.count) + digits
    bytes.replaceSubrange(header + 148..<header + 156, with: Array(text.utf8) + [0, 0x20])
  }
}
