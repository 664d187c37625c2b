import DSXCore
@testable import Datasets
import Records
import Testing

@Suite struct ConversionTests {
  /// The whole split in one batch's worth of columns, as JSON rows.
  func rows(_ dataset: MsDataset) throws -> (Schema, [JSONValue]) {
    var cursor = try dataset.rows()
    var rows: [JSONValue] = []
    while let batch = try cursor.next() {
      for row in 0..<batch.rows {
        rows.append(
          .array(
            batch.columns.indices.map { CellValue(batch, column: $0, row: row).json }))
      }
    }
    return (cursor.schema, rows)
  }

  /// Every type, with and without missing values, under names that a MindRecord cannot hold.
  func source(_ folder: TemporaryFolder, rows count: Int) throws -> MsDataset {
    let types = [
      "bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "float16", "float32",
      "float64", "string",
    ]
    var features = types.enumerated().map {
      "  - {name: \"\($0.element) \($0.offset)\", dtype: \($0.element)}"
    }
    features.append("  - {name: 标签, dtype: {class_label: {names: [a, b]}}}")
    features.append("  - {name: nested, struct: [{name: q, dtype: int64}]}")
    features.append("  - {name: list, list: int64}")
    features.append("  - {name: INC, dtype: string}")
    features.append("  - {name: inc, dtype: string}")
    features.append("  - {name: 9lives, dtype: int64}")
    try folder.put(
      "set/README.md",
      "---\nconfigs:\n- config_name: default\n  data_files: x.jsonl\ndataset_info:\n  features:\n"
        + features.joined(separator: "\n") + "\n---\n")
    var generator = PCG64(seed: 11)
    var lines = ""
    for row in 0..<count {
      func maybe(_ value: JSONValue) -> JSONValue {
        generator.next() % 4 == 0 ? .null : value
      }
      let members: [(String, JSONValue)] = [
        ("bool 0", maybe(.bool(row % 2 == 0))), ("int8 1", maybe(.int(Int64(row % 256) - 128))),
        ("int16 2", maybe(-32768)), ("int32 3", maybe(.int(Int64(Int32.min)))),
        ("int64 4", maybe(.int(.max - Int64(row)))), ("uint8 5", maybe(255)),
        ("uint16 6", maybe(65535)), ("uint32 7", maybe(.int(Int64(UInt32.max)))),
        ("float16 8", maybe(0.5)), ("float32 9", maybe(.double(Double(Float(0.1))))),
        ("float64 10", maybe(.double(Double(row) / 3))),
        ("string 11", maybe(.string("文字 \(row)\n\u{0}\""))), ("标签", maybe(.int(Int64(row % 2)))),
        ("nested", maybe(["q": .int(Int64(row)), "r": [.null, true]])),
        ("list", maybe(.array((0..<(row % 3)).map { .int(Int64($0)) }))), ("INC", maybe("x")),
        ("inc", "y"), ("9lives", 9),
      ]
      lines += JSONValue.object(members.map { .init($0.0, $0.1) }).text() + "\n"
    }
    try folder.put("set/x.jsonl", lines)
    return try MsDataset.load(folder.path + "/set", homes: folder.homes).only()
  }

  @Test(arguments: [1, 3])
  func everyTypeComesBack(_ shards: Int) throws {
    let folder = try TemporaryFolder()
    let dataset = try source(folder, rows: 57)
    var options = ConversionOptions(tool: "test")
    options.shards = shards
    let target = folder.path + "/out/train.mindrecord"
    let conversion = try DatasetConversion(dataset, options: options, homes: folder.homes)
    let outcome = try conversion.run(to: target)
    #expect(outcome.rows == 57 && outcome.files.count == shards && !outcome.isFinishedAlready)
    let again = try conversion.run(to: target)
    #expect(again.isFinishedAlready && again.rows == 57)
    #expect(!FilePath.exists(target + ".work"))
    let back = try MsDataset.load(folder.path + "/out", homes: folder.homes).only()
    #expect(back.split == "train")
    let (schema, expected) = try rows(dataset)
    let (loaded, found) = try rows(back)
    let nullable = schema.fields.filter { $0.isNullable }
    #expect(nullable.count == schema.fields.count)
    #expect(loaded == schema)
    #expect(found == expected)
    // The record reader, and so MindSpore, sees MindRecord's own types.
    let plain = try RecordReader(path: outcome.files[0])
    let features = Set(plain.schema.schema.fields.map(\.feature))
    #expect(plain.count == 57 && features == [.plain])
  }

  @Test func otherOptionsAreRefused() throws {
    let folder = try TemporaryFolder()
    let dataset = try source(folder, rows: 5)
    let target = folder.path + "/x.mindrecord"
    var options = ConversionOptions(tool: "test")
    _ = try DatasetConversion(dataset, options: options, homes: folder.homes).run(to: target)
    options.columns = ["inc"]
    let error = #expect(throws: DSXError.self) {
      try DatasetConversion(dataset, options: options, homes: folder.homes).run(to: target)
    }
    #expect(error?.code == .outputExists)
    options.overwrite = true
    _ = try DatasetConversion(dataset, options: options, homes: folder.homes).run(to: target)
    let back = try MsDataset.load(target, homes: folder.homes).only()
    #expect(try rows(back).0.fields.map(\.name) == ["inc"])
  }

  @Test func badRowsAreRefusedOrCounted() throws {
    let folder = try TemporaryFolder()
    let path = try folder.put("x.csv", "a,b\n1,2\n3\n4,5\n")
    let dataset = try MsDataset.load(path, homes: folder.homes).only()
    var options = ConversionOptions(tool: "test")
    let target = folder.path + "/x.mindrecord"
    let error = #expect(throws: DSXError.self) {
      try DatasetConversion(dataset, options: options, homes: folder.homes).run(to: target)
    }
    #expect(error?.location.line == 3 && !FilePath.exists(target + ".work"))
    options.onBadRow = .skip
    let outcome = try DatasetConversion(dataset, options: options, homes: folder.homes).run(
      to: target)
    #expect(outcome.rows == 2 && outcome.skipped == 1)
    let empty = try MsDataset.load(
      try folder.put("empty.csv", "a,b\n"), homes: folder.homes
    ).only()
    let nothing = #expect(throws: DSXError.self) {
      try DatasetConversion(empty, options: options, homes: folder.homes).run(
        to: folder.path + "/e.mindrecord")
    }
    #expect(nothing?.code == .nothingToDo)
  }

  @Test func theCacheFollowsContentAndOptions() throws {
    let folder = try TemporaryFolder()
    let path = try folder.put("x.csv", "a\n1\n2\n")
    let homes = folder.homes
    let cache = ConversionCache(homes: homes)
    func make(_ change: (inout ConversionOptions) -> Void = { _ in }) throws
      -> DatasetConversion.Outcome
    {
      var options = ConversionOptions(tool: "test")
      change(&options)
      return try cache.records(
        of: try MsDataset.load(path, homes: homes).only(), options: options)
    }
    let first = try make()
    #expect(!first.isFinishedAlready)
    #expect(try make().isFinishedAlready)
    #expect(try cache.entries().count == 1)
    #expect(try !make { $0.shards = 2 }.isFinishedAlready)
    #expect(try !make { $0.tool = "newer" }.isFinishedAlready)
    try FilePath.write(Array("a\n1\n3\n".utf8), to: path)
    let changed = try make()
    #expect(!changed.isFinishedAlready && changed.files != first.files)
    #expect(try cache.entries().count == 4)
    // A damaged set is made again.
    try FilePath.write([1, 2, 3], to: changed.files[0])
    #expect(try !make().isFinishedAlready)
    #expect(try make().isFinishedAlready)
    #expect(try cache.prune(olderThan: 1000, maximumBytes: nil).isEmpty)
    let total = try cache.entries().reduce(0) { $0 + $1.bytes }
    let gone = try cache.prune(olderThan: nil, maximumBytes: total - 1)
    #expect(gone.count == 1)
    #expect(try cache.prune(olderThan: 0, maximumBytes: nil).count == 3)
    #expect(try cache.entries().isEmpty)
  }

  @Test func aStoppedConversionGoesOn() throws {
    let folder = try TemporaryFolder()
    var text = "a,b\n"
    for row in 0..<3_000 { text += "\(row),\(String(repeating: "x", count: 900))\n" }
    let path = try folder.put("x.csv", text)
    let dataset = try MsDataset.load(path, homes: folder.homes).only()
    var options = ConversionOptions(tool: "test")
    options.checkpointBytes = 256 << 10
    options.pageSize = 1 << 20
    options.headerSize = 64 << 10
    let whole = folder.path + "/whole.mindrecord"
    let stopped = folder.path + "/stopped/whole.mindrecord"
    let conversion = try DatasetConversion(dataset, options: options, homes: folder.homes)
    _ = try conversion.run(to: whole)
    // The same plan with half of the rows safe, as a killed process leaves it.
    try conversion.runUntil(rows: 2_500, to: stopped)
    #expect(FilePath.exists(stopped + ".work/plan.json"))
    let outcome = try conversion.run(to: stopped)
    #expect(outcome.resumedRows > 1_000 && outcome.rows == 3_000)
    for name in [".db", ""] {
      let expected = try MappedFile(path: whole + name).withBytes { Array($0) }
      let found = try MappedFile(path: stopped + name).withBytes { Array($0) }
      #expect(expected == found)
    }
  }
}
