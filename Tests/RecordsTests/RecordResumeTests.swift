import DSXCore
import Foundation
import Testing

@testable import Records

/// Writers that stop half-way, and those that go on: the files are those of an undisturbed run.
@Suite struct RecordResumeTests {
  /// Rows of about 100 bytes with a scalar, a text and an array.
  static let schema = Schema([
    Field("ids", .int32, shape: [-1]), Field("name", .string), Field("n", .int64),
  ])

  static func batch(_ rows: Range<Int>) -> Batch {
    var random = PCG64(seed: UInt64(rows.lowerBound))
    var ids: [Int32] = []
    var ends = [0]
    for _ in rows {
      let count = 1 + Int(random.bounded(60))
      for _ in 0..<count { ids.append(Int32(random.bounded(70_000))) }
      ends.append(ids.count)
    }
    return Batch(
      schema: schema,
      columns: [
        Column(.int32(ids), offsets: ends), Column(strings: rows.map { "row \($0 % 97)" }),
        Column(.int64(rows.map { Int64($0) << 20 })),
      ])
  }

  static func digests(_ files: [String]) throws -> [Data] {
    try files.map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
  }

  static func options(_ shards: Int, exact: Bool = false, total: Int? = nil) -> RecordWriterOptions
  {
    var options = RecordWriterOptions()
    options.shards = shards
    options.headerSize = 256 << 10
    options.pageSize = 32 << 10
    options.mindSporeExact = exact
    options.totalRows = total
    options.checkpointBytes = 20_000
    options.keepsUnfinished = true
    options.isDurable = false
    options.blockBytes = 8 << 10
    return options
  }

  /// Appends batches of 100 rows from `first` up to `end`.
  static func fill(_ writer: inout RecordWriter, _ rows: Range<Int>) throws {
    for start in stride(from: rows.lowerBound, to: rows.upperBound, by: 100) {
      try writer.append(batch(start..<start + 100))
    }
  }

  @Test(arguments: [
    (1, false, false), (3, false, false), (3, false, true), (1, true, false), (4, true, false),
  ])
  func resumedIsUndisturbed(_ shards: Int, _ isExact: Bool, _ knowsTotal: Bool) throws {
    let place = try TemporaryFolder()
    let rows = 4000
    let record = RecordSchema(Self.schema, description: "resume", indexFields: ["name", "n"])
    let options = Self.options(shards, exact: isExact, total: knowsTotal ? rows : nil)
    var whole = try RecordWriter(path: place.path("whole/x"), schema: record, options: options)
    try Self.fill(&whole, 0..<rows)
    let wanted = try whole.finish()
    #expect(try RecordVerifier.verify(path: wanted.files[0]) == [])
    let path = place.path("cut/x")
    for stops in [[700], [100, 2000, 2100, 3900], [4000]] {
      var safe = 0
      for stop in stops {
        // Dropped without a word, after rows that are not in any checkpoint.
        var writer = try RecordWriter.resume(path: path, schema: record, options: options)
        #expect(writer.rows == safe || writer.rows % 100 != 0 || writer.rows > safe)
        safe = writer.rows
        if isExact { #expect(safe % 100 == 0) }
        // Rows are given again from the next whole batch: the rest of a cut one first.
        let next = min((safe + 99) / 100 * 100, rows)
        if safe < next {
          try writer.append(Self.batch(next - 100..<next).slice(100 - (next - safe)..<100))
        }
        if next < stop { try Self.fill(&writer, next..<stop) }
      }
      var writer = try RecordWriter.resume(path: path, schema: record, options: options)
      #expect(writer.rows > 0 || stops == [100])
      let next = (writer.rows + 99) / 100 * 100
      if writer.rows < next {
        try writer.append(Self.batch(next - 100..<next).slice(100 - (next - writer.rows)..<100))
      }
      try Self.fill(&writer, next..<rows)
      let summary = try writer.finish()
      #expect(try Self.digests(summary.files) == Self.digests(wanted.files), "\(stops)")
      #expect(try RecordVerifier.verify(path: summary.files[0]) == [])
      #expect(try FilePath.list(place.path("cut")).count == 2 * shards)
      try FilePath.removeTree(place.path("cut"))
    }
  }

  @Test func otherOptionsAreRefusedAndNothingIsLost() throws {
    let place = try TemporaryFolder()
    let record = RecordSchema(Self.schema)
    do {
      var writer = try RecordWriter(
        path: place.path("x"), schema: record, options: Self.options(1))
      try Self.fill(&writer, 0..<1000)
    }
    var other = Self.options(1)
    other.pageSize = 64 << 10
    var codes: [DSXError.Code] = []
    do throws(DSXError) {
      _ = try RecordWriter.resume(path: place.path("x"), schema: record, options: other)
    } catch { codes.append(error.code) }
    do throws(DSXError) {
      let schema = RecordSchema(Self.schema, description: "other")
      _ = try RecordWriter.resume(path: place.path("x"), schema: schema, options: Self.options(1))
    } catch { codes.append(error.code) }
    #expect(codes == [.usage, .usage])
    let writer = try RecordWriter.resume(
      path: place.path("x"), schema: record, options: Self.options(1))
    #expect(writer.rows > 0)
  }

  @Test func suspendedWritersLoseNothing() throws {
    let place = try TemporaryFolder()
    let record = RecordSchema(Self.schema)
    var options = Self.options(2)
    options.keepsUnfinished = false
    var writer = try RecordWriter(path: place.path("x"), schema: record, options: options)
    try Self.fill(&writer, 0..<1000)
    #expect(try writer.suspend() == 1000)
    let next = try RecordWriter.resume(path: place.path("x"), schema: record, options: options)
    #expect(next.rows == 1000)
    // A small set in memory is not kept.
    var small = try RecordWriter(path: place.path("s"), schema: record)
    try Self.fill(&small, 0..<100)
    #expect(try small.suspend() == 0)
    #expect(try FilePath.list(place.folder) == [".dsx-tmp-x"])
  }

  @Test(arguments: [(1, false), (3, false), (1, true), (3, true)])
  func appendedIsOneWrite(_ shards: Int, _ isExact: Bool) throws {
    let place = try TemporaryFolder()
    let record = RecordSchema(Self.schema, indexFields: ["n"])
    for fixed in [true, false] where fixed || !isExact {
      var options = Self.options(shards, exact: isExact)
      if !fixed { (options.headerSize, options.pageSize) = (nil, nil) }
      var whole = try RecordWriter(path: place.path("whole/x"), schema: record, options: options)
      try Self.fill(&whole, 0..<900)
      let wanted = try whole.finish()
      var part = try RecordWriter(path: place.path("part/x"), schema: record, options: options)
      try Self.fill(&part, 0..<300)
      var summary = try part.finish()
      for rows in [300..<400, 400..<400, 400..<900] {
        var more = try RecordWriter.appending(to: summary.files[shards / 2])
        #expect(more.rows == rows.lowerBound)
        try Self.fill(&more, rows)
        summary = try more.finish()
      }
      #expect(try Self.digests(summary.files) == Self.digests(wanted.files), "fixed \(fixed)")
      #expect(try RecordVerifier.verify(path: summary.files[0]) == [])
      // A writer that is dropped leaves the set as it was.
      do {
        var dropped = try RecordWriter.appending(to: summary.files[0])
        try Self.fill(&dropped, 0..<100)
      }
      #expect(try Self.digests(summary.files) == Self.digests(wanted.files))
      #expect(try FilePath.list(place.path("part")).count == 2 * shards)
      try FilePath.removeTree(place.path("whole"))
      try FilePath.removeTree(place.path("part"))
    }
  }
}
