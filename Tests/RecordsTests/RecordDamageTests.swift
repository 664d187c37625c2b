import DSXCore
import Foundation
import Testing

@testable import Records

/// Damaged files: an error or the true rows' count, never a crash or a hang.
@Suite struct RecordDamageTests {
  /// A small set, and its data file's bytes.
  private func sample(_ place: TemporaryFolder) throws -> (path: String, bytes: [UInt8]) {
    let fields = [
      Field("ids", .int32, shape: [-1]), Field("n", .int32), Field("s", .string),
      Field("w", .int64, shape: [2]),
    ]
    let batch = Batch(
      schema: Schema(fields),
      columns: [
        Column(.int32([1, 300, 70_000, -5, 6]), offsets: [0, 2, 5]), Column(.int32([7, -8])),
        Column(strings: ["eins", "二"]),
        Column(.int64([1, 1 << 40, -1, 0]), offsets: [0, 2, 4]),
      ])
    var options = RecordWriterOptions()
    options.headerSize = 16 << 10
    options.pageSize = 32 << 10
    let path = place.path("x")
    var writer = try RecordWriter(
      path: path, schema: RecordSchema(Schema(fields)), options: options)
    try writer.append(batch)
    _ = try writer.finish()
    return (path, Array(try Data(contentsOf: URL(fileURLWithPath: path))))
  }

  /// Everything that a reader does with a file; throws only DSXError.
  @discardableResult
  private func readAll(_ path: String) throws(DSXError) -> Batch {
    let reader = try RecordReader(path: path)
    return try reader.batch(0..<reader.count)
  }

  @Test func everyByteAndEveryLength() throws {
    let place = try TemporaryFolder()
    let (path, bytes) = try sample(place)
    let rows = try readAll(path).lines()
    // Holes say nothing: header text, then the used bytes of both pages.
    let header = 8 + Int(bytes[0]) + Int(bytes[1]) << 8
    let pages = [16 << 10, (16 << 10) + (32 << 10)]
    var positions = Array(0..<header)
    positions += pages[0]..<pages[0] + 200
    positions += pages[1]..<bytes.count
    for position in positions {
      for change: UInt8 in position < 8 || position >= pages[0] ? [0x01, 0x80, 0xff] : [0x04] {
        var damaged = bytes
        damaged[position] ^= change
        try Data(damaged).write(to: URL(fileURLWithPath: path))
        var found: Batch?
        do throws(DSXError) { found = try readAll(path) } catch {
          #expect(error.code.exitCode == .badInput, "byte \(position): \(error)")
          #expect(error.location.file != nil)
        }
        // Seen, or behind the used bytes of a page, where it changes nothing.
        if let found {
          #expect(try found.lines() == rows, "byte \(position)")
          #expect(position >= pages[0])
        }
      }
    }
    for count in Array(0..<header) + Array(pages[0] - 2..<pages[0] + 200) + [bytes.count - 1] {
      try Data(bytes[..<count]).write(to: URL(fileURLWithPath: path))
      var failed = false
      do throws(DSXError) { try readAll(path) } catch { failed = true }
      #expect(failed, "cut to \(count) bytes")
    }
  }

  /// A list that names one file again and again is told once and not followed.
  @Test func aFileThatIsListedTwice() throws {
    let place = try TemporaryFolder()
    _ = try RecordSets.write(place, "x", [RecordSets.numbered(0..<9)], shards: 2)
    let url = URL(fileURLWithPath: place.path("x0"))
    var bytes = try Data(contentsOf: url)
    let found = try #require(bytes.range(of: Data(#"["x0","x1"]"#.utf8)))
    bytes.replaceSubrange(found, with: Data(#"["x0","x0"]"#.utf8))
    try bytes.write(to: url)
    let error = #expect(throws: DSXError.self) {
      _ = try RecordReader(path: place.path("x0"), verify: false)
    }
    #expect(error?.code == .corrupt && error?.message.contains("twice") == true)
    let findings = try RecordVerifier.verify(path: place.path("x0"))
    #expect(findings.contains { $0.message.contains("'x0' twice") })
  }

  @Test func verifyFindsAChangedIndex() throws {
    let place = try TemporaryFolder()
    let (path, _) = try sample(place)
    #expect(try RecordVerifier.verify(path: path) == [])
    for sql in [
      "UPDATE INDEXES SET PAGE_OFFSET_RAW = 1 WHERE ROW_ID = 1", "UPDATE INDEXES SET n_0 = 9",
      "UPDATE INDEXES SET s_0 = 'x' WHERE ROW_ID = 0", "DELETE FROM INDEXES WHERE ROW_ID = 0",
      "DELETE FROM INDEXES", "UPDATE SHARD_NAME SET NAME = 'y'", "DROP TABLE SHARD_NAME",
    ] {
      let original = try Data(contentsOf: URL(fileURLWithPath: path + ".db"))
      let database = try Database(path: path + ".db", .create)
      try database.run(sql)
      try database.close()
      #expect(try !RecordVerifier.verify(path: path).isEmpty, "\(sql)")
      try readAll(path)
      try original.write(to: URL(fileURLWithPath: path + ".db"))
    }
  }
}
