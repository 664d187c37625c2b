import DSXCore
import Datasets
import Testing

@Suite struct LoadTests {
  func rows(_ dataset: MsDataset) throws -> [[String?]] {
    var cursor = try dataset.rows()
    var rows: [[String?]] = []
    while let batch = try cursor.next() {
      for row in 0..<batch.rows {
        rows.append(
          batch.columns.indices.map { CellValue(batch, column: $0, row: row).text })
      }
    }
    return rows
  }

  @Test func splitsFollowFoldersThenNames() throws {
    let files: [([String], [String])] = [
      (["train.csv", "dev.csv", "eval.csv", "notes.csv"], ["train", "validation", "test"]),
      (["train/a.csv", "val/a.csv", "test_x.csv"], ["train", "validation"]),
      (["my-training-0.csv", "Test.csv"], ["train"]), (["a.csv", "b.csv"], ["train"]),
      (["trainset.csv"], ["train"]),
      (
        [
          "data/train-00000-of-00002.csv", "data/train-00001-of-00002.csv",
          "data/odd-00000-of-00001.csv",
        ], ["odd", "train"]
      ),
    ]
    for (names, splits) in files {
      let folder = try TemporaryFolder()
      for name in names { try folder.put("set/" + name, "x\n1\n") }
      let loaded = try MsDataset.load(folder.path + "/set", homes: folder.homes)
      #expect(loaded.all.map(\.split) == splits, "\(names)")
    }
  }

  @Test func filesThatAreNotThereAreNoDataSets() throws {
    let folder = try TemporaryFolder()
    try folder.put("set/train.csv", "x\n1\n")
    func message(_ text: String) -> String {
      do {
        _ = try MsDataset.load(text, homes: folder.homes)
        return ""
      } catch { return error.description }
    }
    for name in ["rows.mindrecord", "corpus/rows.mindrecord0", "rows.jsonl", "x.tar.gz"] {
      #expect(
        message(name).hasPrefix("unknown-name: there is no data set file '\(name)'"), "\(name)")
    }
    #expect(message("x.parquet").contains("there is no data set file or folder 'x.parquet'"))
    let near = message(folder.path + "/set/trian.csv")
    #expect(near.contains("did you mean '\(folder.path)/set/train.csv'?"))
    #expect(message("tnew").contains("unknown data set 'tnew'"))
  }

  @Test func filesOfOneSplitShareTheirTypes() throws {
    let folder = try TemporaryFolder()
    try folder.put("set/a.csv", "n,t\n1,1\n2,2\n")
    try folder.put("set/b.csv", "t,n\nx,1.5\n")
    let dataset = try MsDataset.load(folder.path + "/set", homes: folder.homes).only()
    var cursor = try dataset.rows()
    #expect(cursor.schema.fields.map(\.type) == [.float64, .string])
    #expect(try rows(dataset) == [["1.0", "1"], ["2.0", "2"], ["1.5", "x"]])
    _ = try cursor.next()
    let state = cursor.state
    let second = try #require(try cursor.next())
    #expect(second.firstRow == 2)
    var again = try dataset.rows()
    try again.restore(state)
    #expect(try again.next()?.firstRow == 2)
    try folder.put("set/c.csv", "n\n1\n")
    let drifted = try MsDataset.load(folder.path + "/set", homes: folder.homes).only()
    let error = #expect(throws: DSXError.self) { try drifted.rows() }
    #expect(
      error?.message.contains("'t'") == true && error?.location.file?.hasSuffix("c.csv") == true)
  }

  @Test func readmeConfigsAreRead() throws {
    let folder = try TemporaryFolder()
    try folder.put("set/d/x.csv", "1;a\n2;b\n")
    try folder.put("set/d/deep/er/y.jsonl", "{\"k\": 1}\n")
    try folder.put(
      "set/README.md",
      """
      ---
      license: mit
      configs:
      - config_name: one
        data_dir: d
        data_files: {train: "*.csv"}
        sep: ";"
        names: [n, word]
      - config_name: two
        default: true
        data_files:
        - split: held
          path: ["d/**/*.jsonl"]
      dataset_info:
      - config_name: one
        features:
        - {name: n, dtype: uint8}
        - {name: word, dtype: {class_label: {names: {'0': a, '1': b}}}}
      ---
      # Card
      """)
    let homes = folder.homes
    let one = try MsDataset.load(folder.path + "/set", subset: "one", homes: homes).only()
    let fields = try one.rows().schema.fields
    #expect(fields.map(\.feature) == [.integer(bits: 8, signed: false), .classLabel(["a", "b"])])
    #expect(try rows(one) == [["1", "0 (a)"], ["2", "1 (b)"]])
    #expect(try MsDataset.load(folder.path + "/set", homes: homes).only().split == "held")
    let error = #expect(throws: DSXError.self) {
      try MsDataset.load(folder.path + "/set", subset: "three", homes: homes)
    }
    #expect(error?.hint?.contains("one, two") == true)
  }

  @Test(arguments: [
    ("- config_name: a\n  data_files: ../x.csv", "leads out", 3),
    ("- config_name: a\n  data_file: x.csv", "data_file", 4),
    ("- config_name: a\n  data_files: x.csv\n- config_name: a\n  data_files: x.csv", "twice", 5),
    ("- config_name: a\n  data_files: x.csv\n  header: 3", "header", 5),
    ("- config_name: a\n  data_files: x.csv\n  sep: ';;'", "sep", 5),
    ("- config_name: a\n  data_files: nothing*.csv", "no file matches", 3),
  ])
  func readmeFaultsHaveTheirLine(_ configs: String, _ message: String, _ line: Int) throws {
    let folder = try TemporaryFolder()
    try folder.put("set/x.csv", "a\n1\n")
    try folder.put("set/README.md", "---\nconfigs:\n\(configs)\n---\n")
    let error = #expect(throws: DSXError.self) {
      try MsDataset.load(folder.path + "/set", homes: folder.homes)
    }
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    #expect(abs((error?.location.line ?? 0) - line) <= 1, "\(error?.description ?? "")")
  }

  @Test func aFileIsItsOwnSplit() throws {
    let folder = try TemporaryFolder()
    let path = try folder.put("x.tsv", "a\tb\n1\tp q\n")
    let homes = folder.homes
    #expect(try MsDataset.load(path, homes: homes).only().split == "train")
    let named = try MsDataset.load(path, split: "held", target: "b", homes: homes).only()
    #expect(try rows(named) == [["p q"]] && named.split == "held")
    let parquet = try folder.put("x.parquet", "PAR1")
    let error = #expect(throws: DSXError.self) {
      try MsDataset.load(parquet, homes: homes)
    }
    #expect(error?.code == .unsupported && error?.message.contains("parquet") == true)
  }

  @Test func valuesMakeOneColumn() throws {
    let cases: [([JSONValue], Field, [String?])] = [
      (["a", "b"], Field("x", .string), ["a", "b"]),
      ([1, .null, 3], Field("x", .int64, isNullable: true), ["1", nil, "3"]),
      ([1, 2.5], Field("x", .float64), ["1.0", "2.5"]),
      ([true, false], Field("x", .int32, feature: .bool), ["true", "false"]),
      ([[1], "a"], Field("x", .string, feature: .json), ["[1]", "a"]),
    ]
    for (values, field, texts) in cases {
      let dataset = MsDataset.load(values, target: "x")
      #expect(try dataset.rows().schema.fields == [field])
      #expect(try rows(dataset).map { $0[0] } == texts)
    }
  }

  @Test func modelScopesCacheIsRead() throws {
    let folder = try TemporaryFolder()
    let base = "ms/datasets/ns/toy/v2/"
    try folder.put(base + "meta/toy.json", #"{"a": {"train": {"meta": "t.csv", "file": ""}}}"#)
    try folder.put(base + "meta/1.formation_mark", "")
    try folder.put(base + "data_files/deep/t.csv", "x\n7\n")
    try folder.put("ms/datasets/ns/toy/v10/data_files/train.jsonl", "{\"x\": 8}\n")
    let homes = folder.homes
    #expect(DatasetCatalog(homes: homes).cachedNames() == ["ns/toy"])
    let newest = try MsDataset.load("ns/toy", homes: homes).only()
    #expect(try newest.version == "v10" && rows(newest) == [["8"]])
    let older = try MsDataset.load("toy", version: "v2", namespace: "ns", homes: homes).only()
    #expect(try rows(older) == [["7"]])
    let error = #expect(throws: DSXError.self) {
      try MsDataset.load("ns/toy", version: "v3", homes: homes)
    }
    #expect(error?.hint?.contains("v10, v2") == true)
  }

  @Test func whatWasAddedCanBeRemoved() throws {
    let folder = try TemporaryFolder()
    let homes = folder.homes
    let source = folder.path + "/mine"
    try folder.put("mine/train.csv", "x\n1\n")
    let target = try AddedDataset.add(
      source, name: "a", to: homes.addedDatasets, isReference: false)
    _ = try AddedDataset.add(source, name: "b", to: homes.addedDatasets, isReference: true)
    try folder.put("mine/train.csv", "x\n2\n")
    #expect(DatasetCatalog(homes: homes).names() == ["a", "b"])
    #expect(try rows(MsDataset.load("a", homes: homes).only()) == [["1"]])
    #expect(try rows(MsDataset.load("b", homes: homes).only()) == [["2"]])
    #expect(throws: DSXError.self) {
      try AddedDataset.add(source, name: "a", to: homes.addedDatasets, isReference: false)
    }
    try folder.put("bad/x.bin", "1")
    #expect(throws: DSXError.self) {
      try AddedDataset.add(
        folder.path + "/bad", name: "bad", to: homes.addedDatasets, isReference: false)
    }
    #expect(!FilePath.exists(homes.addedDatasets + "/bad"))
    _ = try AddedDataset.remove("a", from: homes.addedDatasets)
    _ = try AddedDataset.remove("b", from: homes.addedDatasets)
    #expect(!FilePath.exists(target) && FilePath.exists(source + "/train.csv"))
    try folder.put("data/dsx/datasets/own/own.json", "{}")
    #expect(throws: DSXError.self) { try AddedDataset.remove("own", from: homes.addedDatasets) }
    #expect(throws: DSXError.self) { try AddedDataset.remove("../mine", from: homes.addedDatasets) }
  }

  @Test func aliasesStandForSubsets() throws {
    let folder = try TemporaryFolder()
    let split = #"{"train": {"meta": "t.csv", "file": ""}}"#
    try folder.put("datasets/big/big.json", #"{"s": \#(split), "t": \#(split)}"#)
    try folder.put("datasets/big/t.csv", "x\n1\n")
    try folder.put("datasets/big/aliases.json", #"{"small": "t"}"#)
    let dataset = try MsDataset.load("small", homes: folder.homes).only()
    #expect(dataset.name == "big" && dataset.subset == "t")
    let error = #expect(throws: DSXError.self) { try MsDataset.load("smal", homes: folder.homes) }
    #expect(error?.hint?.contains("did you mean 'small'") == true)
  }

  @Test func fingerprintsFollowTheContent() throws {
    let folder = try TemporaryFolder()
    let a = try folder.put("a/train.csv", "x\n1\n")
    try folder.put("b/train.csv", "x\n1\n")
    let homes = folder.homes
    func sum(_ name: String, _ options: TableOptions? = nil) throws -> String {
      try MsDataset.load(folder.path + "/" + name, homes: homes).only().fingerprint(homes: homes)
    }
    let first = try sum("a")
    #expect(try first == sum("b"))
    try FilePath.write(Array("x\n2\n".utf8), to: a)
    #expect(try first != sum("a"))
    // A large file is hashed again when its bytes change, whatever its length.
    var bytes = Array("x\n".utf8) + [UInt8](repeating: 0x31, count: 2 << 20) + [0x0a]
    try FilePath.write(bytes, to: a)
    let large = try sum("a")
    #expect(try large == sum("a"))
    bytes[7] = 0x32
    try FilePath.write(bytes, to: a)
    #expect(try large != sum("a"))
  }
}
