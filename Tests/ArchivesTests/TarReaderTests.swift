import DSXCore
import Testing

@testable import Archives

@Suite struct TarReaderTests {
  private func read(_ bytes: [UInt8], limits: ArchiveLimits = ArchiveLimits()) throws -> [(
    String, [UInt8]
  )] {
    let folder = try TestFolder()
    let reader = try TarReader(
      try FileSource(path: try folder.write("a.tar", bytes)), limits: limits)
    var found: [(String, [UInt8])] = []
    while let member = try reader.next() { found.append((member.name, try reader.all(step: 100))) }
    return found
  }

  @Test func membersComeAsTheyLie() throws {
    var draft = TarDraft()
    draft.add("folder/", type: "5")
    draft.add("./folder/b.txt", Array("two".utf8))
    draft.add("a.txt", [UInt8](repeating: 0x61, count: 1500))
    draft.add("漢.txt", [])
    draft.finish()
    let found = try read(draft.bytes)
    #expect(found.map(\.0) == ["folder/b.txt", "a.txt", "漢.txt"])
    #expect(found.map(\.1.count) == [3, 1500, 0])
  }

  @Test func membersMayBePassedOver() throws {
    var draft = TarDraft()
    draft.add("a", [UInt8](repeating: 1, count: 2000))
    draft.add("b", [2])
    draft.finish()
    let folder = try TestFolder()
    let reader = try TarReader(try FileSource(path: try folder.write("a.tar", draft.bytes)))
    _ = try reader.next()
    _ = try reader.next()
    #expect(try reader.all() == [2] && reader.next() == nil && reader.next() == nil)
  }

  @Test(arguments: ["1", "2", "3", "4", "6"] as [Character])
  func linksAndDevicesAreRefused(type: Character) {
    var draft = TarDraft()
    draft.add("a", type: type, link: "/etc/passwd")
    draft.finish()
    #expect(code { _ = try read(draft.bytes) } == .unsafeArchive)
  }

  @Test(arguments: ["/a", "../a", "a/../../b", "C:\\a", "a\\..\\b"])
  func namesThatLeadOut(name: String) {
    var draft = TarDraft()
    draft.add(name, [1])
    draft.finish()
    #expect(code { _ = try read(draft.bytes) } == .unsafeArchive)
  }

  @Test func namesThatComeTwice() {
    for second in ["a", "./a", "a/b"] {
      var draft = TarDraft()
      draft.add("a", [1])
      draft.add(second, [2])
      draft.finish()
      #expect(code { _ = try read(draft.bytes) } == .unsafeArchive, "\(second)")
    }
  }

  /// 2 KB that claim to be large: refused at once, or when the archive ends too early.
  @Test func sizesThatLie() {
    for size in [1 << 30, 8 << 30 - 1] {
      var draft = TarDraft()
      draft.add("a", [1, 2, 3], size: size)
      draft.finish()
      #expect(code { _ = try read(draft.bytes) } == .corrupt)
    }
    var draft = TarDraft()
    draft.add("a", [1, 2, 3], size: 5000)
    draft.finish()
    var limits = ArchiveLimits()
    limits.totalBytes = 4000
    #expect(code { _ = try read(draft.bytes, limits: limits) } == .archiveLimit)
  }

  @Test func aSparseMemberOfATerabyteIsStopped() throws {
    let folder = try TestFolder()
    guard run(["truncate", "-s", "900G", "big.txt"], in: folder.path),
      run(["tar", "--sparse", "-cf", "a.tar", "big.txt"], in: folder.path)
    else { return }
    let reader = try TarReader(try FileSource(path: folder.path + "/a.tar"))
    #expect(try reader.next() != nil)
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    var total = 0
    let found = code {
      while true {
        let got = try bytes.withUnsafeMutableBytes { try reader.read(into: $0) }
        if got == 0 { return }
        total += got
      }
    }
    #expect(found == .archiveLimit && total <= 64 << 20)
  }

  @Test func cutAnywhere() throws {
    var draft = TarDraft()
    draft.add("a.txt", [UInt8](repeating: 0x61, count: 700))
    let whole = draft.bytes.count
    draft.finish()
    for end in stride(from: 0, to: whole, by: 37) where end != 0 {
      #expect(code { _ = try read(Array(draft.bytes[..<end])) } != nil, "cut at \(end)")
    }
    #expect(code { _ = try read([]) } != nil)
    #expect(code { _ = try read(Array("no archive at all".utf8)) } != nil)
  }

  /// Long and non-ASCII names of GNU and pax, whatever the locale is.
  @Test(arguments: ["gnu", "posix", "ustar"])
  func whatTarWrites(format: String) throws {
    let folder = try TestFolder()
    let name = String(repeating: "字", count: 30) + ".txt"
    try folder.write(name, Array("content".utf8))
    guard run(["tar", "--format=\(format)", "-cf", "a.tar", name], in: folder.path) else { return }
    let reader = try TarReader(try FileSource(path: folder.path + "/a.tar"))
    #expect(try reader.next()?.name == name)
    #expect(try reader.all() == Array("content".utf8))
  }
}
