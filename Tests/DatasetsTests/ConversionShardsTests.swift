import DSXCore
import Jobs
import Testing

@testable import Datasets

/// Conversions in shards: the record files of one process, byte for byte.
@Suite struct ConversionShardsTests {
  /// A table with quoted line ends, missing values and, when asked for, rows that cannot be read.
  private static func csv(_ rows: Int, seed: UInt64, bad: Bool) -> String {
    var random = PCG64(seed: seed)
    var text = "id,text,value,flag\n"
    for row in 0..<rows {
      let value = random.bounded(9) == 0 ? "" : String(Double(random.bounded(1000)) / 8)
      let words = random.bounded(5) == 0 ? "\"a\nb, \"\"c\"\" \(row)\"" : "行 \(row)"
      text += "\(row),\(words),\(value),\(random.bounded(2) == 0 ? "true" : "false")\n"
      if bad, random.bounded(97) == 0 { text += "\(row),only two\n" }
    }
    return text + (bad ? "1,2\n" : "")
  }

  private static func jsonl(_ rows: Int, seed: UInt64) -> String {
    var random = PCG64(seed: seed)
    var text = ""
    for row in 0..<rows {
      let n = random.bounded(7) == 0 ? "null" : "\(random.bounded(1_000_000))"
      text += "{\"k\": \(row), \"n\": \(n), \"t\": \"甲\(row)\", \"o\": {\"x\": [\(row % 5)]}}\n"
    }
    return text
  }

  private func bytes(_ folder: String) throws -> [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    for name in try FilePath.list(folder) where !name.hasSuffix(".work") {
      files[name] = try MappedFile(path: FilePath.join(folder, name)).withBytes { Array($0) }
    }
    return files
  }

  @Test(arguments: ["csv", "bad.csv", "jsonl", "folder", "records", "images"])
  func shardsMakeTheFilesOfOneProcess(_ kind: String) throws {
    let folder = try TemporaryFolder()
    let homes = kind == "images" ? Homes.current() : folder.homes
    let source = folder.path + "/in"
    try FilePath.makeFolder(source)
    var table: TableOptions?
    var data: MsDataset
    switch kind {
    case "csv", "bad.csv":
      let text = Self.csv(9000, seed: 1, bad: kind == "bad.csv")
      try FilePath.write(Array(text.utf8), to: source + "/rows.csv")
      data = try MsDataset.loadSplit(source + "/rows.csv", homes: homes)
    case "jsonl", "records":
      try FilePath.write(Array(Self.jsonl(7000, seed: 2).utf8), to: source + "/rows.jsonl")
      data = try MsDataset.loadSplit(source + "/rows.jsonl", homes: homes)
      if kind == "records" {
        _ = try DatasetConversion(data, options: ConversionOptions(tool: "dsx"), homes: homes).run(
          to: folder.path + "/middle.mindrecord")
        data = try MsDataset.loadSplit(folder.path + "/middle.mindrecord", homes: homes)
      }
    case "images":
      data = try MsDataset.loadSplit("digits", split: "validation", homes: homes)
    default:
      // Two files with other types: an integer and a float column are one float column.
      try FilePath.write(
        Array(Self.csv(3000, seed: 3, bad: false).utf8), to: source + "/train-1.csv")
      let whole = Self.csv(4000, seed: 4, bad: false)
      try FilePath.write(Array(whole.utf8), to: source + "/train-2.csv")
      data = try MsDataset.loadSplit(source, split: "train", homes: homes)
      table = data.options
    }
    var options = ConversionOptions(tool: "dsx")
    options.shards = 3
    options.table = table
    options.onBadRow = kind == "bad.csv" ? .skip : .refuse
    func conversion() throws -> DatasetConversion {
      try DatasetConversion(data, options: options, homes: homes)
    }
    try FilePath.makeFolder(folder.path + "/one")
    let one = try conversion().run(to: folder.path + "/one/out.mindrecord")
    let wanted = try bytes(folder.path + "/one")
    #expect(wanted.count == 7)
    var made: Set<Int> = []
    for (number, size) in [1 << 20, 4096, 1024].enumerated() {
      let place = folder.path + "/shards\(number)"
      let target = place + "/out.mindrecord"
      func shards() throws -> ConversionShards {
        ConversionShards(
          [ConversionShards.Split(try conversion(), target: target)], output: target,
          overwrite: false, tool: "dsx")
      }
      let work = try shards().plan(shardRows: size, command: PlannedCommand(arguments: []))
      let count = work.work.steps[0].shards
      made.insert(count)
      var random = PCG64(seed: UInt64(number))
      for shard in random.permutation(count) {
        try shards().run(work.path, .shards([shard], step: nil), verify: false) { _, _ in }
      }
      let outcome = try shards().merge(work.path, keepsWork: false) { _, _ in }
      #expect(
        outcome.count == 1 && outcome[0].rows == one.rows && outcome[0].skipped == one.skipped)
      #expect(try bytes(place) == wanted, "\(kind) in \(count) shards")
      #expect(!FilePath.exists(work.path))
    }
    #expect(kind == "images" || made.count > 1, "\(made)")
  }

  /// A merging of one file that died after publishing, and one that died while it removed the folder.
  @Test(arguments: [false, true]) func aMergeThatDiedAtItsEndIsEnded(_ overwrite: Bool) throws {
    let folder = try TemporaryFolder()
    try FilePath.write(Array(Self.csv(3000, seed: 8, bad: false).utf8), to: folder.path + "/a.csv")
    let data = try MsDataset.loadSplit(folder.path + "/a.csv", homes: folder.homes)
    var options = ConversionOptions(tool: "dsx")
    options.overwrite = overwrite
    let target = folder.path + "/out.mindrecord"
    func conversion() throws -> DatasetConversion {
      try DatasetConversion(data, options: options, homes: folder.homes)
    }
    func shards() throws -> ConversionShards {
      ConversionShards(
        [ConversionShards.Split(try conversion(), target: target)], output: target,
        overwrite: overwrite, tool: "dsx")
    }
    let command = PlannedCommand(arguments: [])
    let work = try shards().plan(shardRows: 1024, command: command)
    try shards().run(work.path, .all(step: nil), verify: false) { _, _ in }
    var outcome = try shards().merge(work.path, keepsWork: true) { _, _ in }
    #expect(outcome.map(\.isFinishedAlready) == [false] && FilePath.exists(work.path))
    try FilePath.removeTree(work.path + "/rows")
    outcome = try shards().merge(work.path, keepsWork: true) { _, _ in }
    #expect(outcome.map(\.isFinishedAlready) == [true] && FilePath.exists(work.path))
    if overwrite {
      outcome = try shards().merge(work.path, keepsWork: false) { _, _ in }
      #expect(outcome.map(\.isFinishedAlready) == [true])
    } else {
      // Planning finds it finished, and removes what was left.
      let error = #expect(throws: DSXError.self) {
        _ = try shards().plan(shardRows: 1024, command: command)
      }
      #expect(error?.code == .alreadyMade)
    }
    #expect(!FilePath.exists(work.path) && !FilePath.exists(folder.path + "/splits.manifest.json"))
    #expect(try conversion().run(to: target).isFinishedAlready == !overwrite)
  }

  @Test func plansSurviveTheirFile() throws {
    let folder = try TemporaryFolder()
    try FilePath.write(Array(Self.csv(3000, seed: 7, bad: false).utf8), to: folder.path + "/a.csv")
    let data = try MsDataset.loadSplit(folder.path + "/a.csv", homes: folder.homes)
    let shards = try RowShards(data, data.options, wanted: 1024)
    #expect(shards.count == 3 && shards.rows == 3000)
    #expect(try RowShards(json: shards.json) == shards)
    #expect(throws: DSXError.self) { _ = try RowShards(json: ["rows": 3]) }
  }
}
