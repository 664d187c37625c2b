import DSXCore
import Testing

@testable import Archives

@Suite struct CompressionTests {
  private static let tools: [(Compression, String)] = [
    (.gzip, "gzip"), (.zstd, "zstd"), (.xz, "xz"), (.bzip2, "bzip2"),
  ]

  /// The bytes of `content`, compressed by the format's own program; nil where it is not installed.
  private func compressed(_ content: [UInt8], _ kind: Compression, _ folder: TestFolder) throws
    -> [UInt8]?
  {
    let tool = Self.tools.first { $0.0 == kind }?.1 ?? ""
    try folder.write("plain", content)
    guard run(["sh", "-c", "\(tool) -c < plain > packed"], in: folder.path) else { return nil }
    return try FileSource(path: folder.path + "/packed").all()
  }

  private func read(
    _ bytes: [UInt8], _ kind: Compression, _ folder: TestFolder,
    _ limits: ArchiveLimits = ArchiveLimits(), step: Int = 999
  ) throws -> [UInt8] {
    let file = try FileSource(path: try folder.write("packed", bytes))
    let source = try kind.open(file, limits: limits)
    let all = try source.all(step: step)
    #expect(source.consumed == bytes.count)
    return all
  }

  @Test(arguments: Compression.allCases)
  func readsOneStreamAndSeveral(kind: Compression) throws {
    let folder = try TestFolder()
    let content = Array((0..<9000).map { "line \($0 * 31 % 977)\n" }.joined().utf8)
    guard let one = try compressed(content, kind, folder),
      let none = try compressed([], kind, folder),
      let two = try compressed([0x61], kind, folder)
    else { return }
    #expect(try read(one, kind, folder) == content)
    #expect(try read(one, kind, folder, step: 1 << 20) == content)
    #expect(try read(none, kind, folder) == [])
    #expect(try read(one + two + one, kind, folder) == content + [0x61] + content)
    #expect(try read(none + two, kind, folder) == [0x61])
  }

  /// Cut anywhere: an error, and never less content without one.
  @Test(arguments: Compression.allCases)
  func cutAnywhere(kind: Compression) throws {
    let folder = try TestFolder()
    let content = Array((0..<60).map { "some text \($0 * 31 % 17)\n" }.joined().utf8)
    guard let bytes = try compressed(content, kind, folder),
      let none = try compressed([], kind, folder)
    else { return }
    for end in 0..<none.count {
      #expect(code { _ = try read(Array(none[..<end]), kind, folder) } != nil, "\(kind) \(end)")
    }
    for end in 0..<bytes.count {
      #expect(
        code { _ = try read(Array(bytes[..<end]), kind, folder) } != nil, "\(kind) cut at \(end)")
    }
    // Also in the second stream.
    for end in bytes.count + 1..<2 * bytes.count {
      #expect(
        code { _ = try read(Array((bytes + bytes)[..<end]), kind, folder) } != nil,
        "\(kind) cut at \(end)")
    }
  }

  /// One byte changed: an error, or the same content (headers hold names and times).
  @Test(arguments: Compression.allCases)
  func damagedAnywhere(kind: Compression) throws {
    let folder = try TestFolder()
    let content = Array((0..<60).map { "some text \($0 * 31 % 17)\n" }.joined().utf8)
    guard let bytes = try compressed(content, kind, folder) else { return }
    for place in bytes.indices {
      var damaged = bytes
      damaged[place] ^= 0x10
      guard let found = try? read(damaged, kind, folder) else { continue }
      #expect(found == content, "\(kind) byte \(place)")
    }
  }

  @Test(arguments: Compression.allCases)
  func whatComesAfterTheEnd(kind: Compression) throws {
    let folder = try TestFolder()
    guard let bytes = try compressed(Array("text".utf8), kind, folder) else { return }
    #expect(
      code { _ = try read(bytes + Array("garbage here".utf8), kind, folder) } != nil, "\(kind)")
    #expect(code { _ = try read(Array("plain text".utf8), kind, folder) } != nil)
    #expect(code { _ = try read([], kind, folder) } != nil)
  }

  @Test(arguments: Compression.allCases)
  func bombsAreStopped(kind: Compression) throws {
    let folder = try TestFolder()
    let zeros = [UInt8](repeating: 0, count: 3 << 20)
    guard let bytes = try compressed(zeros, kind, folder) else { return }
    var limits = ArchiveLimits()
    limits.ratioFloor = 1 << 20
    #expect(code { _ = try read(bytes, kind, folder, limits, step: 1 << 16) } == .archiveLimit)
    limits.isTrusted = true
    #expect(try read(bytes, kind, folder, limits, step: 1 << 16).count == zeros.count)
    limits.totalBytes = 2 << 20
    #expect(code { _ = try read(bytes, kind, folder, limits, step: 1 << 16) } == .archiveLimit)
  }

  @Test func gzipMayEndInZeros() throws {
    let folder = try TestFolder()
    guard let bytes = try compressed(Array("text".utf8), .gzip, folder) else { return }
    #expect(try read(bytes + [0, 0, 0], .gzip, folder) == Array("text".utf8))
    #expect(code { _ = try read(bytes + [0, 7], .gzip, folder) } == .corrupt)
  }

  @Test func magicTellsWhatAFileHolds() {
    #expect(Magic.of([0x1f, 0x8b, 8]) == .gzip && Magic.of(Array("BZh is a word".utf8)) == nil)
    #expect(Magic.of([0x50, 0x4b, 3, 4]) == .zip && Magic.of([]) == nil)
    #expect(Magic.of(Array("PK is text".utf8)) == nil && Magic.of([0xff, 0xfe]) == .utf16)
  }
}
