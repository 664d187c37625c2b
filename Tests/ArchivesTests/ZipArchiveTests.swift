import DSXCore
import Testing

@testable import Archives

@Suite struct ZipArchiveTests {
  private func read(_ bytes: [UInt8], _ limits: ArchiveLimits = ArchiveLimits()) throws -> [(
    String, [UInt8]
  )] {
    let folder = try TestFolder()
    let archive = try ZipArchive(
      try FileSource(path: try folder.write("a.zip", bytes)), limits: limits)
    return try archive.members.map { ($0.name, try archive.open($0).all(step: 3)) }
  }

  private func code(of draft: ZipDraft) -> DSXError.Code? {
    ArchivesTests.code { _ = try read(draft.bytes) }
  }

  @Test func membersComeInTheOrderOfTheirNames() throws {
    var draft = ZipDraft([.init("b.txt", "two"), .init("A.txt", ""), .init("a/c.txt", "three")])
    for prefix in [[], Array("#!/bin/sh\n".utf8)] {
      draft.prefix = prefix
      let found = try read(draft.bytes)
      #expect(found.map(\.0) == ["A.txt", "a/c.txt", "b.txt"])
      #expect(found.map { String(decoding: $0.1, as: UTF8.self) } == ["", "three", "two"])
    }
    draft.comment = Array("PK\u{5}\u{6} what looks like an end record".utf8)
    #expect(try read(draft.bytes).count == 3)
  }

  @Test func manyTimesAndAnyMember() throws {
    let folder = try TestFolder()
    let draft = ZipDraft([.init("a", "one"), .init("b", "two")])
    let archive = try ZipArchive(try FileSource(path: try folder.write("a.zip", draft.bytes)))
    let (a, b) = (try archive.open(archive.members[0]), try archive.open(archive.members[1]))
    #expect(try b.all() == Array("two".utf8) && a.all() == Array("one".utf8))
    #expect(try archive.open(archive.members[1]).all(step: 1) == Array("two".utf8))
  }

  /// Each draft is a good archive but for one thing.
  @Test func hostileArchivesAreRefused() throws {
    func refused(
      _ expected: DSXError.Code, _ line: Int = #line, _ change: (inout ZipDraft) -> Void
    ) {
      var draft = ZipDraft([.init("a.txt", "hello"), .init("b.txt", "world")])
      change(&draft)
      let found = code(of: draft)
      #expect(found == expected, "line \(line): \(found?.name ?? "taken")")
    }
    refused(.unsafeArchive) { $0.members[0].localName = Array("c.txt".utf8) }
    refused(.unsafeArchive) { $0.members[0].localName = Array("../..".utf8) }
    refused(.unsafeArchive) { $0.members[1].name = $0.members[0].name }
    refused(.unsafeArchive) { $0.members[1].name = Array("a.txt/b".utf8) }
    refused(.unsafeArchive) { $0.members[1].name = Array("./a.txt".utf8) }
    refused(.unsafeArchive) { $0.members[0].name = Array("../a.txt".utf8) }
    refused(.unsafeArchive) { $0.members[0].name = Array("/a.txt".utf8) }
    refused(.unsafeArchive) { $0.members[0].name = [] }
    refused(.unsafeArchive) { $0.members[0].name = [0x61, 0] }
    refused(.unsafeArchive) { $0.members[0].mode = 0o120777 }
    refused(.unsafeArchive) { $0.members[0].mode = 0o010644 }
    refused(.unsafeArchive) { $0.members[0].mode = 0o020644 }
    refused(.unsafeArchive) { $0.members[0].name = Array("folder/".utf8) }
    refused(.unsafeArchive) {
      $0.members[0].flags = 0x800
      $0.members[0].name = [0xff, 0xfe]
    }
    refused(.unsupported) { $0.members[0].flags = 1 }
    refused(.unsupported) { $0.members[0].method = 12 }
    refused(.unsupported) { $0.members[0].method = 99 }
    refused(.unsupported) { $0.disk = 1 }
    refused(.corrupt) { $0.members[0].crc = 7 }
    refused(.corrupt) { $0.members[0].unpacked = 4 }
    refused(.corrupt) { $0.members[0].unpacked = 1 << 30 }
    refused(.corrupt) { $0.members[1].packed = 1 << 30 }
    refused(.corrupt) { $0.members[0].method = 8 }
    refused(.corrupt) { $0.entries = 1 }
    refused(.corrupt) { $0.entries = 3 }
    refused(.corrupt) { $0.directoryShift = 3 }
    refused(.corrupt) { $0.members[1].offset = 1 << 20 }
    refused(.archiveLimit) { $0.members[1].offset = 0 }
    refused(.archiveLimit) { $0.members[1].offset = 7 }
    refused(.archiveLimit) { draft in
      draft.members[0].name = Array(String(repeating: "a/", count: 3000).utf8) + [0x61]
    }
    // Zip64 fields that lie: sizes of 2^63 and more.
    refused(.corrupt) {
      $0.members[0].packed = 0xffff_ffff
      $0.members[0].unpacked = 0xffff_ffff
      $0.members[0].extra = [1, 0, 16, 0] + [UInt8](repeating: 0xff, count: 16)
    }
    refused(.corrupt) {
      $0.members[0].packed = 0xffff_ffff
      $0.members[0].unpacked = 0xffff_ffff
    }
  }

  @Test func limits() throws {
    let draft = ZipDraft((0..<20).map { .init("m\($0)", String(repeating: "x", count: 100)) })
    var limits = ArchiveLimits()
    limits.members = 19
    #expect(ArchivesTests.code { _ = try read(draft.bytes, limits) } == .archiveLimit)
    limits.members = 20
    limits.totalBytes = 1999
    #expect(ArchivesTests.code { _ = try read(draft.bytes, limits) } == .archiveLimit)
    limits.totalBytes = 2000
    #expect(try read(draft.bytes, limits).count == 20)
  }

  /// Cut anywhere and with any one byte changed: an error or the same content, never a crash.
  @Test func damagedAnywhere() throws {
    let folder = try TestFolder()
    var bytes = ZipDraft([.init("a.txt", "hello"), .init("b.txt", "world")]).bytes
    if run(["sh", "-c", "printf 'aaaaaaaaaabbbbb' > x.txt; zip -q d.zip x.txt"], in: folder.path) {
      let file = try FileSource(path: folder.path + "/d.zip")
      bytes = try file.all()
    }
    let good = try read(bytes).map { "\($0.0) \($0.1)" }
    for end in 0..<bytes.count {
      #expect(ArchivesTests.code { _ = try read(Array(bytes[..<end])) } != nil, "cut at \(end)")
    }
    for place in bytes.indices {
      for bit: UInt8 in [0x01, 0x80] {
        var damaged = bytes
        damaged[place] ^= bit
        guard let found = try? read(damaged) else { continue }
        #expect(found.map(\.1) == (try read(bytes).map(\.1)), "byte \(place)")
        _ = good
      }
    }
  }

  @Test func unzipsWhatZipWrites() throws {
    let folder = try TestFolder()
    let text = (0..<20_000).map { "line \($0 * 7919 % 1000)\n" }.joined()
    try folder.write("long.txt", Array(text.utf8))
    try folder.write("漢字.txt", Array("x".utf8))
    guard run(["zip", "-q", "a.zip", "long.txt", "漢字.txt"], in: folder.path) else { return }
    let archive = try ZipArchive(try FileSource(path: folder.path + "/a.zip"))
    #expect(archive.members.map(\.name) == ["long.txt", "漢字.txt"])
    #expect(try archive.open(archive.members[0]).all() == Array(text.utf8))
  }
}
