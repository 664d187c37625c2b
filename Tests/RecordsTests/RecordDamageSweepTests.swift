import DSXCore
import Foundation
import Testing

@testable import Records

/// Every byte of a small set flipped and every length cut off: seen, or proved to change nothing.
///
/// `DSX_DAMAGE=full` (set by .ci/run) takes every byte of data files and indexes; else a stride of them.
@Suite struct RecordDamageSweepTests {
  static let isFull = ProcessInfo.processInfo.environment["DSX_DAMAGE"] == "full"

  /// A file whose bytes are changed in place, one after the other.
  private final class Victim {
    let path: String
    let bytes: [UInt8]
    private let handle: Int32

    init(_ path: String) throws {
      self.path = path
      bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
      handle = open(path, O_RDWR)
      try #require(handle >= 0)
    }

    deinit { close(handle) }

    func put(_ byte: UInt8, at position: Int) {
      var byte = byte
      #expect(pwrite(handle, &byte, 1, off_t(position)) == 1)
    }

    /// Cuts the file, or gives it its bytes back.
    func cut(to count: Int) { #expect(ftruncate(handle, off_t(count)) == 0) }

    func restore() {
      #expect(pwrite(handle, bytes, bytes.count, 0) == bytes.count)
    }
  }

  private func makeSet(_ place: TemporaryFolder, shards: Int) throws -> [String] {
    var sets = RandomSets(seed: 77)
    let schema = Schema([
      Field("ids", .int32, shape: [-1]), Field("n", .int32), Field("s", .string),
      Field("w", .float64, shape: [2]),
    ])
    var options = RecordWriterOptions()
    options.shards = shards
    options.headerSize = 16 << 10
    options.pageSize = 32 << 10
    options.isDurable = false
    var writer = try RecordWriter(
      path: place.path("set"), schema: RecordSchema(schema), options: options)
    try writer.append(sets.batch(schema, rows: 4 * shards))
    return try writer.finish().files
  }

  /// The positions of a data file that hold something: the header's text, the used bytes of pages, and
  /// one byte of each hole.
  private func positions(_ path: String, _ size: Int) throws -> [Int] {
    let file = try RecordFile(path: path)
    var found: [Int] = []
    let text = 8 + Int(file.bytes.loadUnaligned(as: UInt64.self))
    found += 0..<text + 1
    for page in file.header.pages {
      let start = file.header.headerSize + page.id * file.header.pageSize
      found += start..<min(start + page.used + 1, size)
    }
    return found
  }

  private func rows(_ files: [String]) throws(DSXError) -> Batch {
    let reader = try RecordReader(files: files)
    return try reader.batch(0..<reader.count)
  }

  @Test(arguments: [1, 3]) func dataFiles(shards: Int) throws {
    let place = try TemporaryFolder()
    let files = try makeSet(place, shards: shards)
    let wanted = try rows(files).lines()
    let victim = try Victim(files[shards / 2])
    let patterns: [UInt8] =
      Self.isFull ? [0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0xff] : [0x01, 0xff]
    var (flips, seen) = (0, 0)
    let places = try positions(victim.path, victim.bytes.count)
    for (number, position) in places.enumerated() where Self.isFull || number % 3 == shards % 3 {
      for pattern in patterns {
        victim.put(victim.bytes[position] ^ pattern, at: position)
        flips += 1
        do throws(DSXError) {
          let found = try rows(files)
          // Not seen: then it is a hole, and every row is the same.
          #expect(victim.bytes[position] == 0, "byte \(position) ^ \(pattern) was not seen")
          let lines = try? found.lines()
          #expect(lines == wanted, "byte \(position) ^ \(pattern)")
        } catch {
          seen += 1
          #expect(error.code.exitCode == .badInput, "byte \(position) ^ \(pattern): \(error)")
          #expect(error.location.file == victim.path || shards > 1)
        }
      }
      victim.put(victim.bytes[position], at: position)
    }
    #expect(try rows(files).lines() == wanted)
    // Only the one byte of each hole, and no other, may pass.
    let holes = 1 + (try RecordFile(path: victim.path).header.pages.count)
    #expect(flips - seen <= holes * patterns.count)

    // The file ends with its last used byte, so each shorter one lacks something.
    var lengths = places.filter { $0 < victim.bytes.count }
    if !Self.isFull { lengths = lengths.enumerated().filter { $0.offset % 5 == 0 }.map(\.element) }
    lengths.append(victim.bytes.count - 1)
    for length in lengths.sorted(by: >) {
      victim.cut(to: length)
      var failed = false
      do throws(DSXError) { _ = try rows(files) } catch {
        failed = true
        #expect(error.code.exitCode == .badInput)
      }
      #expect(failed, "cut to \(length) bytes")
    }
    victim.restore()
    #expect(try rows(files).lines() == wanted)
  }

  /// The index never decides on values: a damaged one is seen by verify, or its tables hold the same.
  /// A query gives the right rows or an error.
  @Test func indexFiles() throws {
    let place = try TemporaryFolder()
    let files = try makeSet(place, shards: 1)
    let wanted = try rows(files).lines()
    let dump = try IndexDump.lines(files[0] + ".db")
    let matches = try query(files)
    let victim = try Victim(files[0] + ".db")
    let patterns: [UInt8] = Self.isFull ? [0x01, 0x10, 0x80, 0xff] : [0xff]
    let stride = Self.isFull ? 1 : 23
    var counts = (flips: 0, seen: 0)
    for position in Swift.stride(from: 0, to: victim.bytes.count, by: stride) {
      for pattern in patterns {
        victim.put(victim.bytes[position] ^ pattern, at: position)
        counts.flips += 1
        try judge(files, dump, matches, "byte \(position) ^ \(pattern)", &counts.seen)
      }
      victim.put(victim.bytes[position], at: position)
    }
    for length in Swift.stride(from: victim.bytes.count - 1, to: 0, by: Self.isFull ? -37 : -1511) {
      victim.cut(to: length)
      counts.flips += 1
      try judge(files, dump, matches, "cut to \(length)", &counts.seen)
    }
    victim.restore()
    #expect(counts.seen > 0)
    #expect(try RecordVerifier.verify(path: files[0]) == [])
    #expect(try rows(files).lines() == wanted)
  }

  private func query(_ files: [String]) throws(DSXError) -> [Int] {
    let reader = try RecordReader(files: files)
    var found: [Int] = []
    try RecordQuery(reader, where: "n >= 0 OR s > 'P'").forEachBlock(size: 100) {
      (rows: [Int]) throws(DSXError) -> Bool in
      found += rows
      return true
    }
    return found
  }

  private func judge(
    _ files: [String], _ dump: [String], _ matches: [Int], _ what: String, _ seen: inout Int
  ) throws {
    do throws(DSXError) {
      let found = try query(files)
      #expect(found == matches, "\(what): a query gave other rows")
    } catch { #expect(error.code.exitCode == .badInput, "\(what): \(error)") }
    var isSeen = true
    do throws(DSXError) { isSeen = try !RecordVerifier.verify(path: files[0]).isEmpty } catch {}
    if isSeen {
      seen += 1
    } else {
      #expect((try? IndexDump.lines(files[0] + ".db")) == dump, "\(what): verify saw nothing")
    }
  }

  /// Counts and lengths that no file justifies: refused without the memory that they ask for.
  @Test func hostileCounts() throws {
    let place = try TemporaryFolder()
    let path = place.path("x")
    var options = RecordWriterOptions()
    options.mindSporeExact = true
    options.headerSize = 16 << 10
    options.pageSize = 32 << 10
    let schema = Schema([Field("ids", .int32, shape: [-1]), Field("s", .string)])
    var writer = try RecordWriter(path: path, schema: RecordSchema(schema), options: options)
    try writer.append(
      Batch(
        schema: schema,
        columns: [Column(.int32([1, 2, 3]), offsets: [0, 3]), Column(strings: ["abc"])]))
    _ = try writer.finish()
    let original = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    let before = peak()
    var cases: [(name: String, bytes: [UInt8])] = []
    func patched(_ name: String, at position: Int, _ patch: [UInt8]) {
      var bytes = original
      bytes.replaceSubrange(position..<position + patch.count, with: patch)
      cases.append((name, bytes))
    }
    let (blob, raw) = (16 << 10, (16 << 10) + (32 << 10))
    for last: UInt8 in [0x00, 0x07, 0x7f, 0x80, 0xff] {
      patched("header length", at: 0, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, last])
      patched("blob length", at: blob, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, last])
      patched("raw length", at: raw, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, last])
      patched("packed count", at: blob + 8, [last, 0xff, 0xff, 0xff])
    }
    // {"s": "abc"}: a map of four thousand million members, a string of as many bytes.
    patched("map size", at: raw + 8, [0xdf, 0xff, 0xff, 0xff, 0xff])
    patched("string length", at: raw + 11, [0xdb, 0xff, 0xff, 0xff])
    let text = String(
      decoding: original[8..<8 + Int(original[0]) + Int(original[1]) << 8], as: UTF8.self)
    for (old, new) in [
      ("\"end_row_id\":1", "\"end_row_id\":4611686018427387904"),
      ("\"page_size\":32768", "\"page_size\":9223372036854775804"),
      ("\"header_size\":16384", "\"header_size\":9223372036854775804"),
      ("\"page_id\":1", "\"page_id\":288230376151711744"),
      ("\"offset\":0", "\"offset\":9223372036854775807"),
      ("\"offset\":0", "\"offset\":-1"), ("\"shape\":[-1]", "\"shape\":[4611686018427387904,4]"),
      ("\"shape\":[-1]", "\"shape\":[-1,4611686018427387904]"),
    ] {
      try #require(text.contains(old), "\(old)")
      let changed = Array(text.replacingOccurrences(of: old, with: new).utf8)
      var bytes = original
      for position in 0..<blob { bytes[position] = 0 }
      bytes[0] = UInt8(changed.count & 255)
      bytes[1] = UInt8(changed.count >> 8)
      bytes.replaceSubrange(8..<8 + changed.count, with: changed)
      cases.append((new, bytes))
    }
    for (name, bytes) in cases {
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      var failed = false
      do throws(DSXError) { _ = try rows([path]) } catch {
        failed = true
        #expect(error.code.exitCode == .badInput, "\(name): \(error)")
      }
      #expect(failed, "\(name) was believed")
    }
    // The smallest of these lies would take 512 MB.
    #expect(peak() - before < 400 << 10)
  }

  /// The most memory that the process has had, in KiB.
  private func peak() -> Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss
  }
}
