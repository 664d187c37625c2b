import DSXCore
import Foundation
import Testing

@testable import Records

/// Checksums, verify, repair and rename on small sets.
@Suite struct RecordRepairTests {
  private static let schema = RecordResumeTests.schema

  /// A set of 500 rows; returns its data files.
  private func write(_ path: String, shards: Int = 1, exact: Bool = false, rows: Int = 500) throws
    -> [String]
  {
    var writer = try RecordWriter(
      path: path, schema: RecordSchema(Self.schema, indexFields: ["name", "n"]),
      options: RecordResumeTests.options(shards, exact: exact))
    try RecordResumeTests.fill(&writer, 0..<rows)
    return try writer.finish().files
  }

  private func flip(_ path: String, _ byte: Int) throws {
    let file = try OutputFile(existing: path)
    var store = ByteStore()
    try file.read(1, at: byte, into: &store)
    store.patch(store.bytes[0] ^ 1, at: 0)
    try file.write(store.bytes, at: byte)
    try file.close()
  }

  private func fault(_ body: () throws(DSXError) -> Void) -> DSXError? {
    do throws(DSXError) {
      try body()
      return nil
    } catch { return error }
  }

  @Test func aChangedPageIsNamedAndNoVerifyReadsOn() throws {
    let place = try TemporaryFolder()
    let files = try write(place.path("x"), shards: 2)
    let page = 256 << 10
    try flip(files[1], page + 700)
    let reader = try RecordReader(path: files[0])
    let error = fault { () throws(DSXError) in _ = try reader.batch(0..<reader.count) }
    #expect(error?.code == .corrupt && error?.location.file == files[1])
    #expect(error?.location.byte == page)
    #expect(error?.message.contains("page 0") ?? false)
    #expect(error?.message.contains("shard 1") ?? false)
    // The first shard is whole, and pages that are not touched are not looked at.
    #expect(try reader.batch(0..<10).rows == 10)
    let unverified = try RecordReader(path: files[0], verify: false)
    _ = fault { () throws(DSXError) in _ = try unverified.batch(0..<unverified.count) }
    let findings = try RecordVerifier.verify(path: files[0])
    #expect(findings.first?.message.contains("checksum") ?? false)
    #expect(findings.allSatisfy { $0.file.hasPrefix(files[1]) })
    let outcome = try RecordRepair.run(path: files[0], dryRun: false, durable: false)
    #expect(outcome.actions == [] && !outcome.remaining.isEmpty)
  }

  @Test func aChangedHeaderIsSeen() throws {
    let place = try TemporaryFolder()
    let file = try write(place.path("x"))[0]
    for byte in [9, 60, 200] {
      try flip(file, byte)
      let error = fault { () throws(DSXError) in _ = try RecordReader(path: file) }
      #expect(error?.code == .corrupt && error?.location.file == file, "\(byte)")
      #expect(try !RecordVerifier.verify(path: file).isEmpty)
      try flip(file, byte)
    }
    #expect(try RecordVerifier.verify(path: file) == [])
  }

  @Test func shardsOfDifferentWritesAreRefused() throws {
    let place = try TemporaryFolder()
    let old = try write(place.path("a/x"), shards: 2, rows: 400)
    let new = try write(place.path("b/x"), shards: 2)
    try FileManager.default.removeItem(atPath: old[1])
    try FileManager.default.copyItem(atPath: new[1], toPath: old[1])
    let error = fault { () throws(DSXError) in _ = try RecordReader(path: old[0]) }
    #expect(error?.code == .corrupt && error?.message.contains("different writes") ?? false)
    #expect(try !RecordVerifier.verify(path: old[0]).isEmpty)
  }

  @Test func everyFindingIsListedUpToALimit() throws {
    let place = try TemporaryFolder()
    let file = try write(place.path("x"))[0]
    let database = try Database(path: file + ".db", .create)
    try database.run("DELETE FROM INDEXES WHERE ROW_ID IN (3, 4, 5, 100)")
    try database.run("UPDATE INDEXES SET PAGE_OFFSET_RAW = 0, n_0 = 1 WHERE ROW_ID = 50")
    try database.run("INSERT INTO INDEXES SELECT 900,1,1,1,1,1,1,1,0,'',0,0")
    try database.close()
    let lines = try RecordVerifier.verify(path: file).map(\.text).joined(separator: "\n")
    for text in [
      "row 3: the index lacks 3 rows", "row 100: the index lacks row 100",
      "row 50: the index says PAGE_OFFSET_RAW = 0", "row 50: the index holds another value of 'n'",
      "a row too many",
    ] { #expect(lines.contains(text), "\(text)\n\(lines)") }
    let many = try Database(path: file + ".db", .create)
    try many.run("UPDATE INDEXES SET PAGE_OFFSET_BLOB = 1")
    try many.close()
    let findings = try RecordVerifier.verify(path: file)
    #expect(findings.count == RecordVerifier.findingLimit + 1)
    #expect(findings.last?.message.contains("more findings") ?? false)
  }

  @Test func queriesSeeAChangedIndex() throws {
    let place = try TemporaryFolder()
    let path = try write(place.path("x"))[0]
    let file = try RecordFile(path: path)
    func check() throws(DSXError) {
      try IndexSeal.check(try Database(path: path + ".db", .readOnly), of: file)
    }
    try check()
    let whole = try Data(contentsOf: URL(fileURLWithPath: path + ".db"))
    for (sql, code) in [
      ("UPDATE INDEXES SET n_0 = 9 WHERE ROW_ID = 7", DSXError.Code.corrupt),
      ("UPDATE INDEXES SET name_0 = 'x' WHERE ROW_ID = 0", .corrupt),
      ("DELETE FROM INDEXES WHERE ROW_ID = 1", .incomplete), ("DROP TABLE DSX_META", .corrupt),
      ("UPDATE DSX_META SET VALUE = '00000000' WHERE NAME = 'data_crc32c'", .corrupt),
    ] {
      let database = try Database(path: path + ".db", .create)
      try database.run(sql)
      try database.close()
      #expect(fault { () throws(DSXError) in try check() }?.code == code, "\(sql)")
      let outcome = try RecordRepair.run(path: path, dryRun: false, durable: false)
      #expect(outcome.actions == [.rebuiltIndex(path + ".db")] && outcome.remaining == [])
      #expect(
        try IndexDump.lines(path + ".db")
          == {
            try whole.write(to: URL(fileURLWithPath: place.path("w.db")))
            return try IndexDump.lines(place.path("w.db"))
          }())
    }
  }

  @Test(arguments: [false, true]) func indexesAreRebuilt(_ isExact: Bool) throws {
    let place = try TemporaryFolder()
    let files = try write(place.path("x"), shards: 3, exact: isExact)
    let dumps = try files.map { try IndexDump.lines($0 + ".db") }
    try FilePath.removeTree(files[0] + ".db")
    try Data("garbage".utf8).write(to: URL(fileURLWithPath: files[1] + ".db"))
    let planned = try RecordRepair.run(path: files[2], dryRun: true, durable: false)
    #expect(planned.actions.count == 2 && !FilePath.exists(files[0] + ".db"))
    let outcome = try RecordRepair.run(path: files[2], dryRun: false, durable: false)
    #expect(outcome.actions == planned.actions && outcome.remaining == [])
    #expect(try files.map { try IndexDump.lines($0 + ".db") } == dumps)
    #expect(
      try RecordRepair.run(path: place.path("x"), dryRun: false, durable: false).actions == [])
  }

  @Test(arguments: [(1, false), (3, false), (2, true)])
  func rowsOfAKilledWriterAreSaved(_ shards: Int, _ isExact: Bool) throws {
    let place = try TemporaryFolder()
    let options = RecordResumeTests.options(shards, exact: isExact)
    let schema = RecordSchema(Self.schema)
    var safe = 0
    do {
      var writer = try RecordWriter(path: place.path("x"), schema: schema, options: options)
      try RecordResumeTests.fill(&writer, 0..<1000)
      safe = try writer.suspend()
    }
    #expect(try RecordRepair.run(path: place.path("x"), dryRun: true).actions == [.savedRows(safe)])
    #expect(try RecordRepair.run(path: place.path("x")).actions == [.savedRows(safe)])
    // The same files as those of a writer that got these rows only.
    var writer = try RecordWriter(path: place.path("whole/x"), schema: schema, options: options)
    try RecordResumeTests.fill(&writer, 0..<safe)
    let wanted = try writer.finish().files
    let found = wanted.map { place.path(FilePath.split($0).name) }
    #expect(try RecordResumeTests.digests(found) == RecordResumeTests.digests(wanted))
    #expect(try RecordVerifier.verify(path: found[0]) == [])
  }

  /// An unfinished new version of a set is not lost by what is done to the set.
  @Test func unfinishedVersionsAreKept() throws {
    let place = try TemporaryFolder()
    let file = try write(place.path("x"))[0]
    var options = RecordResumeTests.options(1)
    options.overwrite = true
    let schema = RecordSchema(Self.schema)
    do {
      var writer = try RecordWriter(path: file, schema: schema, options: options)
      try RecordResumeTests.fill(&writer, 0..<800)
    }
    try FilePath.removeTree(file + ".db")
    let outcome = try RecordRepair.run(path: file)
    #expect(outcome.actions == [.rebuiltIndex(file + ".db")])
    let error = fault { () throws(DSXError) in _ = try RecordWriter.appending(to: file) }
    #expect(error?.code == .outputExists)
    let writer = try RecordWriter.resume(path: file, schema: schema, options: options)
    #expect(writer.rows > 0)
  }

  @Test func aWriterWithoutCheckpointLeavesNothingToSave() throws {
    let place = try TemporaryFolder()
    try FilePath.makeFolder(place.path(".dsx-tmp-x"))
    let error = fault { () throws(DSXError) in _ = try RecordRepair.run(path: place.path("x")) }
    #expect(error?.code == .incomplete)
    #expect(FilePath.exists(place.path(".dsx-tmp-x")))
    let none = fault { () throws(DSXError) in _ = try RecordRepair.run(path: place.path("y")) }
    #expect(none?.code == .missingFile)
  }

  /// A writer that is killed between two moves: resume, repair and append each finish it.
  @Test(arguments: 0..<5) func halfMovedSetsAreFinished(_ moved: Int) throws {
    let place = try TemporaryFolder()
    let schema = RecordSchema(Self.schema, indexFields: ["name", "n"])
    let options = RecordResumeTests.options(2)
    let wanted = try write(place.path("whole/x"), shards: 2)
    let template = try RecordWriter(path: place.path("t/x"), schema: schema, options: options)
      .template
    for way in 0..<3 {
      let folder = try AtomicFolder(target: place.path("cut/x"))
      let names = ["x0.db", "x1.db", "x1", "x0"]
      for (number, name) in names.enumerated() {
        let target = number < moved ? place.path("cut/" + name) : folder.path(name)
        try FileManager.default.copyItem(atPath: place.path("whole/" + name), toPath: target)
      }
      let state = WriterCheckpoint(
        stage: .publishing, rows: 500, template: template, files: names, removed: [])
      try state.write(to: folder, durable: false)
      folder.release()
      switch way {
      case 0:
        var writer = try RecordWriter.resume(
          path: place.path("cut/x"), schema: schema, options: options)
        #expect(writer.rows == 500)
        #expect(try writer.finish().rows == 500)
      case 1:
        let actions = try RecordRepair.run(path: place.path("cut/x")).actions
        #expect(actions == [.finishedWrite(rows: 500)])
      default:
        let path = place.path(moved == 4 ? "cut/x0" : "cut/x")
        let error = fault { () throws(DSXError) in _ = try RecordWriter.appending(to: path) }
        #expect(error?.code == .outputExists)
      }
      let found = wanted.map { place.path("cut/" + FilePath.split($0).name) }
      #expect(try RecordResumeTests.digests(found) == RecordResumeTests.digests(wanted))
      #expect(try FilePath.list(place.path("cut")).count == 4)
      try FilePath.removeTree(place.path("cut"))
    }
  }

  @Test(arguments: [(1, false), (3, false), (1, true), (12, true)])
  func renamedSetsAreWhole(_ shards: Int, _ isExact: Bool) throws {
    let place = try TemporaryFolder()
    let files = try write(place.path("old"), shards: shards, exact: isExact)
    let rows = try RecordReader(path: files[0]).batch(0..<500).lines()
    let found = try RecordRename.run(from: files[shards / 2], to: place.path("new.mindrecord"))
    #expect(try FilePath.list(place.folder).count == 2 * shards)
    #expect(try RecordVerifier.verify(path: found[0]) == [])
    #expect(try RecordReader(path: found[0]).batch(0..<500).lines() == rows)
    // The bytes are those of a set that was written under the new name.
    let fresh = try write(place.path("other/new.mindrecord"), shards: shards, exact: isExact)
    #expect(try RecordResumeTests.digests(found) == RecordResumeTests.digests(fresh))
    #expect(
      try found.map { try IndexDump.lines($0 + ".db") }
        == fresh.map { try IndexDump.lines($0 + ".db") })
    let taken = fault { () throws(DSXError) in
      _ = try RecordRename.run(from: found[0], to: place.path("new.mindrecord"))
    }
    #expect(taken?.code == .outputExists)
    let bad = fault { () throws(DSXError) in
      _ = try RecordRename.run(from: found[0], to: place.path("a:b"))
    }
    #expect(bad?.code == .usage)
  }

  @Test func aMovedFileIsPutRight() throws {
    let place = try TemporaryFolder()
    let file = try write(place.path("x"))[0]
    for end in ["", ".db"] {
      try FileManager.default.moveItem(atPath: file + end, toPath: place.path("moved") + end)
    }
    #expect(try !RecordVerifier.verify(path: place.path("moved")).isEmpty)
    let found = try RecordRename.run(from: place.path("moved"), to: place.path("y"))
    #expect(try RecordVerifier.verify(path: found[0]) == [])
    #expect(try FilePath.list(place.folder) == ["y", "y.db"])
  }
}
