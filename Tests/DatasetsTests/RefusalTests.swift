import DSXCore
import Pipelines
import Testing

@testable import Datasets

/// What must not be read, replaced or hidden.
@Suite struct RefusalTests {
  private func error(_ body: () throws -> Void) -> DSXError? {
    do { try body() } catch { return error as? DSXError }
    return nil
  }

  @Test(arguments: [
    "{\"a\": 1}\n{\"a\": 9223372036854775808}\n{\"a\": 3}\n",
    "[{\"a\": 1},\n{\"a\": -9223372036854775809},\n{\"a\": 3}]",
  ])
  func integersBeyond64BitsAreRefused(_ text: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.put(text.hasPrefix("[") ? "a.json" : "a.jsonl", text)
    let fault = error { _ = try TableReader(path: path) }
    #expect(fault?.location.line == 2 && fault?.message.contains("does not fit 64 bits") == true)
    #expect(fault?.hint?.contains("as text") == true)
    var options = TableOptions()
    options.onBadRow = .skip
    let table = try TableReader(path: path, options: options).load()
    #expect(table.badRows.count == 1 && table.schema.fields[0].type == .int64)
    let nested = try folder.put("n.jsonl", "{\"a\": [9223372036854775808]}\n")
    #expect(try TableReader(path: nested).load().batches[0].rows == 1)
  }

  @Test(arguments: [
    ("{\"a\": \"x\"}\n{\"a\": 1}\n", 1), ("{\"a\": 1}\n{\"a\": \"x\"}\n", 1),
    ("{\"a\": 1}\n{\"a\": true}\n", 1), ("{\"a\": true}\n{\"a\": 1}\n{\"a\": [1]}\n", 2),
    ("{\"a\": \"x\"}\n{\"a\": {\"b\": 1}}\n", 1), ("{\"a\": [1]}\n{\"a\": \"x\"}\n", 1),
    ("{\"a\": 1}\n{\"a\": 1.5}\n", 0), ("{\"a\": \"x\"}\n{\"a\": null}\n{}\n", 0),
  ])
  func inferredColumnsTakeOnlyTheirKind(_ text: String, _ bad: Int) throws {
    let folder = try TemporaryFolder()
    let path = try folder.put("a.jsonl", text)
    var options = TableOptions()
    options.onBadRow = .skip
    #expect(try TableReader(path: path, options: options).load().badRows.count == bad, "\(text)")
    let dataset = try MsDataset.loadSplit(path, homes: folder.homes)
    #expect(DatasetCheck.run(dataset).count == bad)
  }

  @Test func filesOfDifferentTypesMakeTextAndKeepTheirOwn() throws {
    let folder = try TemporaryFolder()
    try folder.put("set/train-1.jsonl", "{\"a\": 1}\n{\"a\": \"bad\"}\n{\"a\": 2}\n")
    try folder.put("set/train-2.jsonl", "{\"a\": \"x\"}\n{\"a\": 3}\n")
    let dataset = try MsDataset.loadSplit(folder.path + "/set", homes: folder.homes)
    var options = dataset.options
    options.onBadRow = .skip
    var cursor = try dataset.rows(options)
    var found: [String?] = []
    while let batch = try cursor.next() {
      found += (0..<batch.rows).map { batch.columns[0].string($0) }
    }
    #expect(found == ["1", "2", "x"] && cursor.badRows.count == 2)
  }

  @Test func cellsStayInsideOfTheSet() throws {
    let folder = try TemporaryFolder()
    let cells = ["a.txt", "../secret", "/etc/hostname", "b/../../x", "..x"]
    try folder.put("datasets/f/t.csv", "X:FILE\n" + cells.joined(separator: "\n") + "\n")
    try folder.put("datasets/f/files/a.txt", "1")
    try folder.put(
      "datasets/f/f.json", #"{"default": {"train": {"meta": "t.csv", "file": "files"}}}"#)
    let dataset = try MsDataset.loadSplit("f", homes: folder.homes)
    let fault = error {
      var cursor = try dataset.rows()
      while try cursor.next() != nil {}
    }
    #expect(fault?.code == .malformed && fault?.location.row == 1)
    var options = dataset.options
    options.onBadRow = .skip
    options.batchRows = 2
    var cursor = try dataset.rows(options)
    var found: [String?] = []
    while let batch = try cursor.next() {
      found += (0..<batch.rows).map { batch.columns[0].string($0) }
    }
    #expect(cursor.badRows.count == 3 && found.count == 2)
    #expect(found.allSatisfy { $0?.hasPrefix(folder.path + "/datasets/f/files/") == true })
    #expect(DatasetCheck.run(dataset).count == 4)
  }

  @Test func namesThatMeanSomethingAreNotTaken() throws {
    let folder = try TemporaryFolder()
    let split = #"{"train": {"meta": "t.csv", "file": ""}}"#
    try folder.put("datasets/big/big.json", #"{"s": \#(split)}"#)
    try folder.put("datasets/big/t.csv", "x\n1\n")
    try folder.put("datasets/big/aliases.json", #"{"small": "s"}"#)
    for name in ["big", "small", "csv", "imagefolder"] {
      let fault = error { try AddedDataset.checkName(name, homes: folder.homes) }
      #expect(fault?.code == .usage, "\(name)")
    }
    try AddedDataset.checkName("other", homes: folder.homes)
  }

  @Test func faultsAndLinksAreFoundBeforeAdding() throws {
    let folder = try TemporaryFolder()
    try folder.put("mine/train.csv", "a,b\n1,2\n")
    try AddedDataset.check(folder.path + "/mine", homes: folder.homes)
    try folder.put("mine/train.csv", "a,b\n1,2\n3\n")
    let fault = error { try AddedDataset.check(folder.path + "/mine", homes: folder.homes) }
    #expect(fault?.location.line == 3)
  }

  @Test func damagedTarArchivesAreRefused() throws {
    let folder = try TemporaryFolder()
    try folder.put("datasets/t/files.tar.gz", "x")
    try folder.put(
      "datasets/t/t.json", #"{"default": {"train": {"meta": "", "file": "files.tar.gz"}}}"#)
    let fault = error { _ = try MsDataset.loadSplit("t", homes: folder.homes) }
    #expect(fault?.code == .malformed && fault?.location.file?.hasSuffix("files.tar.gz") == true)
  }

  @Test func cardsReplaceOnlyCards() throws {
    let folder = try TemporaryFolder()
    try folder.put("card/stats.json", "{\"format\": \"dsx-dataset-card\"}")
    try DatasetCard.checkOutput(folder.path + "/card")
    try folder.put("card/stats.html", "<p>mine</p>")
    #expect(error { try DatasetCard.checkOutput(folder.path + "/card") }?.code == .outputExists)
    try folder.put("other/stats.json", "{}")
    #expect(error { try DatasetCard.checkOutput(folder.path + "/other") }?.code == .outputExists)
  }

  @Test func outputsOfPipelinesAreNotTheirInputs() throws {
    let folder = try TemporaryFolder()
    let path = try folder.put("in.csv", "x\n1\n")
    let recipe = try PipelineRecipe(source: PipelineSource(.file(path)), stages: ["take: 1"])
    #expect(error { try recipe.checkOutput(path, homes: folder.homes) }?.code == .usage)
    #expect(error { try recipe.checkOutput(folder.path, homes: folder.homes) }?.code == .usage)
    try recipe.checkOutput(folder.path + "/new", homes: folder.homes)
    let schema = Schema([Field("n", .int32)])
    let foreign = try folder.put("notes.txt", "mine")
    let fault = error {
      var records = try DatasetRecords(path: foreign, schema: schema, overwrite: true)
      records.discard()
    }
    #expect(fault?.code == .outputExists && FilePath.size(foreign) == 4)
  }

  @Test func foreignFoldersOfTheCacheStay() throws {
    let folder = try TemporaryFolder()
    try folder.put("cache/dsx/records/mine/a", "1")
    let key = String(repeating: "0a", count: 32)
    let cache = ConversionCache(homes: folder.homes)
    try folder.put(
      FilePath.join(cache.folder, key).replacing(folder.path + "/", with: "") + "/a", "1")
    #expect(try cache.entries().map(\.key) == [key])
  }
}
