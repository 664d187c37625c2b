import DSXCore
import Foundation
import Testing

@testable import Records

/// Random schemas, shards, sizes and batches: written, read with and without the index, verified.
@Suite struct RecordPropertyTests {
  /// Cases a run; `DSX_PROPERTY_CASES` sets another number.
  static let cases =
    ProcessInfo.processInfo.environment["DSX_PROPERTY_CASES"].flatMap(Int.init) ?? 150

  @Test func roundTrip() throws {
    let place = try TemporaryFolder()
    for seed in 0..<Self.cases {
      var sets = RandomSets(seed: UInt64(seed))
      let schema = sets.schema()
      let total = [0, 1, 3, 20, 60][sets.upTo(5)]
      let batch = sets.batch(schema, rows: total)
      var options = RecordWriterOptions()
      options.shards = [1, 1, 2, 3, 11][sets.upTo(5)]
      options.mindSporeExact = sets.upTo(3) == 0
      options.headerSize = sets.upTo(2) == 0 ? 128 << 10 : nil
      options.pageSize = sets.upTo(2) == 0 || options.mindSporeExact ? 32 << 10 : nil
      options.naming = sets.upTo(2) == 0 ? .mindRecord : .pangu
      if sets.upTo(3) == 0 { options.totalRows = total }
      options.checkpointBytes = [nil, 1, 2000][sets.upTo(3)]
      options.isDurable = false
      // Small sets, too, are written by the thread, in blocks of their own number of pages.
      options.blockBytes = [4 << 10, 12 << 10, 4 << 20][sets.upTo(3)]
      let name = place.path("s\(seed)")
      let scalars = schema.fields.filter { !$0.isBlob }.map(\.name)
      let record = RecordSchema(
        schema, description: "行 \(seed)\n\"",
        indexFields: sets.upTo(2) == 0 ? nil : scalars.filter { _ in sets.upTo(2) == 0 }.reversed())
      var writer = try RecordWriter(path: name, schema: record, options: options)
      var at = 0
      while at < total {
        let end = min(total, at + 1 + sets.upTo(20))
        try writer.append(batch.slice(at..<end))
        at = end
      }
      let summary = try writer.finish()
      #expect(summary.rows == total && summary.files.count == options.shards)
      let place = Comment(rawValue: "seed \(seed), \(schema)")
      #expect(try RecordVerifier.verify(path: summary.files[0]) == [], place)
      let reader = try RecordReader(path: summary.files[summary.files.count - 1])
      #expect(reader.schema.description == record.description)
      try #require(reader.count == total, place)
      let wanted = try batch.lines()
      let found = try reader.batch(0..<total).lines()
      if options.mindSporeExact && options.shards > 1 {
        #expect(found.sorted() == wanted.sorted(), place)
      } else {
        #expect(found == wanted, place)
      }
      // Batches and single rows, without the index.
      let dumps = try summary.files.map { try IndexDump.lines($0 + ".db") }
      for file in summary.files { try FilePath.removeTree(file + ".db") }
      var cursor = try RecordReader(files: summary.files).cursor(batchRows: 1 + sets.upTo(9))
      var streamed: [String] = []
      while let part = try cursor.next() { streamed += try part.lines() }
      #expect(streamed == found, place)
      // Built again, the index is the one that the writer made.
      let first = summary.files[0]
      let outcome = try RecordRepair.run(path: first, dryRun: false, durable: false)
      #expect(outcome.actions == summary.files.map { .rebuiltIndex($0 + ".db") }, place)
      #expect(outcome.remaining == [], place)
      #expect(try summary.files.map { try IndexDump.lines($0 + ".db") } == dumps, place)
      #expect(try RecordVerifier.verify(path: first) == [], place)
      for file in summary.files {
        try FilePath.removeTree(file)
        try FilePath.removeTree(file + ".db")
      }
    }
  }

  /// The default files depend on the rows, not on the batches; spooled or not.
  @Test func bytesDependOnRowsOnly() throws {
    let place = try TemporaryFolder()
    for seed in 1000..<1012 {
      var sets = RandomSets(seed: UInt64(seed))
      let schema = sets.schema()
      let batch = sets.batch(schema, rows: 50)
      var digests: [[UInt8]] = []
      for step in [50, 7, 1] {
        var options = RecordWriterOptions()
        options.shards = 3
        options.overwrite = true
        options.totalRows = step == 7 ? 50 : nil
        var writer = try RecordWriter(
          path: place.path("d"), schema: RecordSchema(schema), options: options)
        for at in stride(from: 0, to: 50, by: step) {
          try writer.append(batch.slice(at..<min(50, at + step)))
        }
        let files = try writer.finish().files
        digests.append(
          try files.flatMap { try Array(Data(contentsOf: URL(fileURLWithPath: $0))) })
      }
      #expect(digests[0] == digests[1] && digests[0] == digests[2], "seed \(seed)")
    }
  }

  @Test func largeSetsAreStreamedAndSpooled() throws {
    let place = try TemporaryFolder()
    let length = 4096
    let rows = 3000
    var random = PCG64(seed: 3)
    let values = (0..<rows * length).map { _ in Int32(truncatingIfNeeded: random.next()) }
    for (shards, total) in [(1, nil), (3, nil), (3, rows)] as [(Int, Int?)] {
      var options = RecordWriterOptions()
      options.shards = shards
      options.totalRows = total
      options.overwrite = true
      let schema = RecordSchema(Schema([Field("ids", .int32, shape: [length])]))
      var writer = try RecordWriter(path: place.path("l"), schema: schema, options: options)
      try values.withUnsafeBufferPointer { buffer in
        for row in stride(from: 0, to: rows, by: 500) {
          try writer.append(
            rows: UnsafeBufferPointer(rebasing: buffer[row * length..<(row + 500) * length]),
            rowLength: length)
        }
      }
      let summary = try writer.finish()
      #expect(summary.pageSize == 32 << 20 && summary.rows == rows)
      #expect(summary.rowsPerShard == Array(repeating: rows / shards, count: shards))
      let reader = try RecordReader(path: summary.files[0])
      var read = [Int32](repeating: 0, count: rows * length)
      let count = try read.withUnsafeMutableBufferPointer { buffer in
        try reader.readInt32("ids", rows: 0..<rows, into: buffer)
      }
      #expect(count == read.count && read == values)
      #expect(!FilePath.exists(place.path(".dsx-tmp-l")))
    }
  }
}
