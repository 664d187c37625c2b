import DSXCore
import Glibc
import Testing

@testable import Archives

@Suite struct ArchiveReaderTests {
  private func contents(_ path: String) throws -> [String] {
    let reader = try ArchiveReader(path: path)
    var found: [String] = []
    while let member = try reader.next() {
      found.append(member.name + "=" + String(decoding: try reader.content(), as: UTF8.self))
    }
    return found
  }

  @Test func zipInItsOwnOrder() throws {
    let folder = try TestFolder()
    let draft = ZipDraft([.init("b", "two"), .init("a/c", "one"), .init("a/b", "")])
    let path = try folder.write("x", draft.bytes)
    #expect(try contents(path) == ["b=two", "a/c=one", "a/b="])
    let archive = try #require(try ArchiveReader(path: path).zip)
    #expect(archive.members.map(\.name) == ["a/b", "a/c", "b"])
    #expect(archive.member(named: "a/c")?.size == 3)
    for name in ["a", "a/", "c", "", "A/c", "zz"] { #expect(archive.member(named: name) == nil) }
  }

  @Test func tar() throws {
    let folder = try TestFolder()
    var draft = TarDraft()
    draft.add("b", Array("two".utf8))
    draft.add("d/", type: "5")
    draft.add("d/a", Array("one".utf8))
    draft.finish()
    let path = try folder.write("x", draft.bytes)
    #expect(try contents(path) == ["b=two", "d/a=one"])
    #expect(try ArchiveReader(path: path).zip == nil)
    // By content, whatever the name says.
    for tool in ["gzip", "zstd", "xz", "bzip2"]
    where run(["sh", "-c", "\(tool) -c x > y"], in: folder.path) {
      #expect(try contents(folder.path + "/y") == ["b=two", "d/a=one"], "\(tool)")
    }
  }

  /// Small and large members, packed and not, in any order: the same bytes by the reader and the stream.
  @Test func wholeMembers() throws {
    let folder = try TestFolder()
    var generator = PCG64(seed: 5)
    var names: [String] = []
    for number in 0..<40 {
      let size = [0, 1, 100, 5000, 300_000][number % 5] + Int(generator.bounded(50))
      let bytes = (0..<(number % 5 == 0 ? number : size)).map { index in
        UInt8(truncatingIfNeeded: index / 7 + Int(generator.bounded(3)))
      }
      names.append("m\(number).bin")
      try folder.write(names[number], bytes)
    }
    guard run(["zip", "-q", "a.zip"] + names, in: folder.path) else { return }
    let archive = try ZipArchive(try FileSource(path: folder.path + "/a.zip"))
    let reader = ZipMemberReader(archive)
    let order = archive.membersByPlace + archive.members.reversed() + archive.members
    for member in order {
      let own = try reader.read(member)
      #expect(own.count == member.size)
      #expect(
        own == (try FileSource(path: folder.path + "/" + member.name).all()), "\(member.name)")
    }
    let small = ZipMemberReader(archive, maximumSize: 1000)
    #expect(
      code { _ = try small.read(try #require(archive.member(named: "m4.bin"))) } == .archiveLimit)
    let other = ArchiveMember(name: "m4.bin", size: 1, place: 0)
    #expect(code { _ = try reader.read(other) } == .internal)
  }

  @Test func extraction() throws {
    let folder = try TestFolder()
    let draft = ZipDraft([.init("b", "two"), .init("a/c.txt", "one"), .init("漢/é", "x")])
    let archive = try ZipArchive(try FileSource(path: try folder.write("x.zip", draft.bytes)))
    let target = folder.path + "/deep/target"
    try archive.extract(to: target)
    #expect(try FilePath.list(target).sorted() == ["a", "b", "漢"])
    #expect(try FileSource(path: target + "/a/c.txt").all() == Array("one".utf8))
    #expect(try FileSource(path: target + "/漢/é").all() == Array("x".utf8))
    #expect(try FilePath.list(folder.path + "/deep") == ["target"])
    // Never over something, not even over a link to nothing.
    #expect(code { try archive.extract(to: target) } == .outputExists)
    symlink("/nowhere", folder.path + "/link")
    #expect(code { try archive.extract(to: folder.path + "/link") } == .outputExists)
    // A member that turns out to be damaged leaves nothing behind.
    var damaged = draft
    damaged.members[2].crc = 7
    let second = try ZipArchive(try FileSource(path: try folder.write("y.zip", damaged.bytes)))
    #expect(code { try second.extract(to: folder.path + "/half") } == .corrupt)
    // Names that are one file on some disks.
    for (one, other) in [("a/x", "A/y"), ("x.txt", "X.TXT")] {
      let twins = ZipDraft([.init(one, "1"), .init(other, "2")])
      let third = try ZipArchive(try FileSource(path: try folder.write("z.zip", twins.bytes)))
      #expect(code { try third.extract(to: folder.path + "/twins") } == .unsafeArchive)
    }
    let line = try ZipArchive(
      try FileSource(path: try folder.write("n.zip", ZipDraft([.init("a\nb", "1")]).bytes)))
    #expect(code { try line.extract(to: folder.path + "/line") } == .unsafeArchive)
    let left = try FilePath.list(folder.path).sorted()
    #expect(left == ["deep", "link", "n.zip", "x.zip", "y.zip", "z.zip"])
  }
}
