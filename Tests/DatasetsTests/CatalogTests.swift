import DSXCore
import Datasets
import Foundation
import Testing

@Suite struct CatalogTests {
  let package = FilePath.split(FilePath.split(FilePath.split(#filePath).folder).folder).folder

  func homes(_ folders: [String]) -> Homes {
    var homes = Homes.current()
    homes.folders = folders
    return homes
  }

  @Test func shippedSetsAreFound() throws {
    let homes = homes([package])
    let names = DatasetCatalog(homes: homes).names()
    for name in ["tnews", "ddtp_zh", "handbook_ppl", "debfaq_ppl", "tang_ppl"] {
      #expect(names.contains(name))
    }
    let set = try MsDataset.loadSplit("modelscope/ddtp_zh", split: "validation", homes: homes)
    #expect(set.subset == "default" && set.version == "master")
    #expect(set.attachments["labels"] != nil)
    #expect(try set.fingerprint().utf8.count == 64)
    var cursor = try set.cursor()
    var rows = 0
    while let batch = try cursor.next() { rows += batch.rows }
    #expect(rows == 141)
    let csv = try MsDataset.loadSplit("ddtp_zh", subset: "csv", split: "train", homes: homes)
    var table = try csv.cursor()
    #expect(try table.next()?.rows == 523)
  }

  @Test(
    arguments: [
      ("dtp_zh", nil, "validation", nil, "did you mean 'ddtp_zh'"),
      ("ddtp_zh", "cvs", "validation", nil, "known: csv, default, en"),
      ("ddtp_zh", nil, "dev", nil, "known: train, validation, test"),
      ("ddtp_zh", nil, nil, nil, "--split: train, validation, test"),
      ("ddtp_zh", nil, "test", "v9", "known: master"),
      ("clue/ddtp_zh", nil, "test", nil, "known: "), ("./nowhere", nil, nil, nil, "catalog"),
    ] as [(String, String?, String?, String?, String)])
  func unknownNamesListTheKnownOnes(
    _ name: String, _ subset: String?, _ split: String?, _ version: String?, _ hint: String
  ) {
    let error = #expect(throws: DSXError.self) {
      try MsDataset.loadSplit(
        name, subset: subset, split: split, version: version, homes: homes([package]))
    }
    #expect(error?.code.exitCode == .usage)
    #expect(error?.hint?.contains(hint) == true, "\(error?.hint ?? "")")
  }

  @Test func tnewsSaysWhatToGet() throws {
    let error = #expect(throws: DSXError.self) {
      try MsDataset.loadSplit("tnews", split: "validation", homes: homes([package]))
    }
    #expect(error?.code == .missingFile)
    #expect(error?.hint?.contains("CLUE") == true && error?.hint?.contains("ddtp_zh") == true)
  }

  @Test func descriptorsOfModelScopeAreTaken() throws {
    let folder = NSTemporaryDirectory() + "dsx-cat-\(UUID().uuidString)"
    defer { try? FilePath.removeTree(folder) }
    func put(_ path: String, _ text: String) throws {
      let whole = folder + "/" + path
      try FilePath.makeFolder(FilePath.split(whole).folder)
      try FilePath.write(Array(text.utf8), to: whole)
    }
    let split = #"{"meta": "t.csv", "file": ""}"#
    try put("datasets/mini/mini.json", #"{"a": {"train": \#(split)}, "b": {"test": \#(split)}}"#)
    try put("datasets/mini/t.csv", "x\n1\n")
    try put("datasets/ns/deep/v1.9/deep.json", #"{"only": {"train": \#(split)}}"#)
    try put("datasets/ns/deep/v1.10/deep.json", #"{"only": {"train": \#(split)}}"#)
    try put("datasets/ns/deep/v1.10/t.csv", "x\n1\n")
    try put("datasets/bad/bad.json", #"{"default": {"train": {"meta": "../mini/t.csv"}}}"#)
    try put("datasets/zip/zip.json", #"{"default": {"train": {"meta": "", "file": "a.zip"}}}"#)
    let homes = homes([folder])
    let ambiguous = #expect(throws: DSXError.self) { try MsDataset.load("mini", homes: homes) }
    #expect(ambiguous?.hint?.contains("a, b") == true)
    #expect(try MsDataset.loadSplit("mini", subset: "b", homes: homes).split == "test")
    #expect(try MsDataset.loadSplit("ns/deep", version: "latest", homes: homes).version == "v1.10")
    #expect(
      try MsDataset.loadSplit(folder + "/datasets/mini", subset: "a", homes: homes).split == "train")
    #expect(throws: DSXError.self) { try MsDataset.load("bad", homes: homes) }
    let archive = #expect(throws: DSXError.self) { try MsDataset.load("zip", homes: homes) }
    #expect(archive?.code == .missingFile)
  }
}
