import DSXCore
import Testing

@testable import Archives

@Suite struct TarArchiveTests {
  /// `count` members whose names come in falling order, so that reading by name goes backwards.
  private func draft(_ count: Int, size: Int = 700) -> (TarDraft, [String: [UInt8]]) {
    var draft = TarDraft()
    var wanted: [String: [UInt8]] = [:]
    for number in 0..<count {
      let name = "folder/\(1000 - number).txt"
      let bytes = (0..<size + number).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ number) }
      draft.add(name, bytes)
      wanted[name] = bytes
    }
    draft.finish()
    return (draft, wanted)
  }

  @Test(arguments: ["", "gzip", "zstd", "xz", "bzip2"])
  func readsByNameInAnyOrder(packing: String) throws {
    let folder = try TestFolder()
    let (draft, wanted) = draft(40)
    var path = try folder.write("a.tar", draft.bytes)
    if !packing.isEmpty {
      guard run([packing, "-q", "-k", "a.tar"], in: folder.path) else { return }
      let ending = ["gzip": ".gz", "zstd": ".zst", "xz": ".xz", "bzip2": ".bz2"][packing] ?? ""
      path += ending
    }
    let archive = try TarArchive(path: path)
    #expect(archive.members.count == 40)
    for name in wanted.keys.sorted() {
      let member = try #require(archive.member(named: name))
      #expect(try archive.read(member) == wanted[name])
      #expect(try archive.open(member).all() == wanted[name])
    }
    #expect(archive.member(named: "folder/none") == nil)
  }

  @Test func packedMembersBeyondWhatIsKeptAreReadAgain() throws {
    let folder = try TestFolder()
    let size = TarArchive.keptBytes / 4
    var draft = TarDraft()
    for number in 0..<8 {
      draft.add("m\(7 - number)", [UInt8](repeating: UInt8(number), count: size))
    }
    draft.finish()
    _ = try folder.write("big.tar", draft.bytes)
    guard run(["gzip", "-q", "-k", "-1", "big.tar"], in: folder.path) else { return }
    var limits = ArchiveLimits()
    limits.isTrusted = true
    let archive = try TarArchive(path: folder.path + "/big.tar.gz", limits: limits)
    for number in 0..<8 {
      let member = try #require(archive.member(named: "m\(number)"))
      let bytes = try archive.read(member)
      #expect(bytes.count == size && bytes[0] == UInt8(7 - number) && bytes[size - 1] == bytes[0])
    }
  }

  @Test func cutArchivesAreCorrupt() throws {
    let folder = try TestFolder()
    let (draft, _) = draft(3, size: 5000)
    let path = try folder.write("cut.tar", Array(draft.bytes.prefix(8000)))
    #expect(code { _ = try TarArchive(path: path) } == .corrupt)
  }

  @Test func aChangedArchiveIsNoticed() throws {
    let folder = try TestFolder()
    let (draft, wanted) = draft(3)
    let path = try folder.write("a.tar", draft.bytes)
    let archive = try TarArchive(path: path)
    let name = try #require(wanted.keys.first)
    let member = try #require(archive.member(named: name))
    _ = try folder.write("a.tar", draft.bytes + [1, 2, 3])
    #expect(code { _ = try archive.read(member) } == .io)
  }

  @Test func linksAreRefusedAtOpening() throws {
    let folder = try TestFolder()
    var draft = TarDraft()
    draft.add("a", [1])
    draft.add("b", type: "2", link: "/etc/passwd")
    draft.finish()
    let path = try folder.write("a.tar", draft.bytes)
    #expect(code { _ = try TarArchive(path: path) } == .unsafeArchive)
  }
}
