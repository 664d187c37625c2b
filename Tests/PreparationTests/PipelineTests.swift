import DSXCore
import Testing

@testable import Preparation

@Suite struct PipelineTests {
  private func options(_ paths: [String], _ change: (inout PreparationOptions) -> Void)
    -> PreparationOptions
  {
    var options = PreparationOptions(inputs: paths)
    options.sequenceLength = 7
    options.blockBytes = 40
    options.readBytes = 16
    change(&options)
    return options
  }

  private func rows(_ paths: [String], _ change: (inout PreparationOptions) -> Void) throws -> (
    rows: [[Int32]], counts: PreparationCounts
  ) {
    try PreparationPipeline(ByteTokenizer.vocabulary, options(paths, change)).collect(paths)
  }

  /// Some files of random documents with every kind of line end.
  private func texts(_ folder: TestFolder, seed: UInt64) throws -> [(path: String, bytes: [UInt8])]
  {
    var random = PCG64(seed: seed)
    let parts = ["a", "bc", "字", "\n", "\r\n", "\r", "\n\n", "?", " "]
    return try (0..<4).map { number in
      let text = (0..<random.below(120)).map { _ in parts[random.below(parts.count)] }.joined()
      return (try folder.write("\(number).txt", text), Array(text.utf8))
    }
  }

  @Test(arguments: TailPolicy.allCases)
  func carriesOverFilesWhateverTheWorkers(tail: TailPolicy) throws {
    let folder = try TestFolder()
    for seed in 1...8 {
      let files = try texts(folder, seed: UInt64(seed))
      let ids = Oracle.ids(files.flatMap { Oracle.correctedDocuments($0.bytes) })
      var (expected, rest) = Oracle.rows(ids, 7)
      if tail == .keep, !rest.isEmpty { expected.append(rest) }
      if tail == .pad, !rest.isEmpty {
        expected.append(rest + Array(repeating: 257, count: 7 - rest.count))
      }
      for workers in [1, 2, 3, 7] {
        let (rows, counts) = try rows(files.map(\.path)) {
          $0.workers = workers
          $0.tail = tail
        }
        #expect(rows == expected)
        #expect(counts.tokens == ids.count)
        #expect(counts.droppedTokens == (tail == .drop ? rest.count : 0))
        #expect(counts.inputBytes == files.reduce(0) { $0 + $1.bytes.count })
        #expect(counts.unknownTokens == ids.filter { $0 == 0x3f }.count)
      }
    }
  }

  @Test func compatPacksEachFileAlone() throws {
    let folder = try TestFolder()
    for seed in 1...8 {
      let files = try texts(folder, seed: UInt64(seed) + 100)
      let each = files.map { Oracle.rows(Oracle.ids(Oracle.documents($0.bytes)), 7) }
      for workers in [1, 3] {
        let (rows, counts) = try rows(files.map(\.path)) {
          $0.workers = workers
          $0.compatibility = .pangu
        }
        #expect(rows == each.flatMap(\.rows))
        #expect(counts.droppedTokens == each.reduce(0) { $0 + $1.tail.count })
      }
    }
  }

  /// A document belongs to the shard of its first byte; every shard is packed alone.
  @Test func shardsAreCutFromTheData() throws {
    let folder = try TestFolder()
    let a = try folder.write("a", "one\n\ntwo two\n\nthree")
    let b = try folder.write("b", "four\n\nfive")
    let expected = [["one", "two two"], ["three", "four", "five"]].flatMap { shard in
      Oracle.rows(Oracle.ids(shard.map { Array($0.utf8) }), 3).rows
    }
    for workers in [1, 2] {
      let (rows, _) = try rows([a, b]) {
        $0.sequenceLength = 3
        $0.shardBytes = 14
        $0.workers = workers
      }
      #expect(rows == expected)
    }
  }

  @Test func badUTF8() throws {
    let folder = try TestFolder()
    let path = try folder.write(
      "a", Array("ok\r\n\r\nx".utf8) + [0xff, 0x79] + Array("\n\nend".utf8))
    let error = #expect(throws: DSXError.self) { _ = try rows([path]) { _ in } }
    #expect(error?.code == .malformed)
    #expect(error?.location == DSXError.Location(file: path, line: 3, byte: 7))
    #expect(error?.hint?.contains("--on-bad-utf8") == true)
    func all(_ policy: BadUTF8Policy) throws -> ([Int32], Int) {
      let result = try rows([path]) {
        $0.badUTF8 = policy
        $0.tail = .keep
      }
      return (result.rows.flatMap { $0 }, result.counts.skippedDocuments)
    }
    let replaced = ["ok", "x\u{fffd}y", "end"].map { Array($0.utf8) }
    #expect(try all(.replace) == (Oracle.ids(replaced), 0))
    #expect(try all(.skip) == (Oracle.ids([replaced[0], replaced[2]]), 1))
  }

  /// The first error in input order wins, for every worker count.
  @Test func theFirstErrorWins() throws {
    let folder = try TestFolder()
    var paths: [String] = []
    for number in 0..<9 {
      let bad: [UInt8] = number >= 4 ? [0xc3] : []
      paths.append(try folder.write("\(number)", Array("some text of a file".utf8) + bad))
    }
    for workers in [1, 2, 5] {
      let error = #expect(throws: DSXError.self) { _ = try rows(paths) { $0.workers = workers } }
      #expect(error?.location.file == paths[4])
    }
  }

  @Test func tasksInDefaultMode() throws {
    let folder = try TestFolder()
    let wiki = try folder.write("w", "\n = A = \n\n x , \" y \n \n z \" w \n\n")
    let result = try rows([wiki]) {
      $0.task = .panguWiki
      $0.tail = .keep
    }
    #expect(
      result.rows.flatMap { $0 } == Oracle.ids(["x, \" y", "z \" w"].map { Array($0.utf8) }))
    #expect(result.counts.filteredDocuments == 1)
    let lines = try folder.write("l", "{\"text\": \"a.\"}\r\n\n{\"text\": \"b\"}")
    let texts = try rows([lines]) {
      $0.task = .lambada
      $0.tail = .keep
    }
    #expect(texts.rows.flatMap { $0 } == Oracle.ids([[97], [98]]))
    #expect(texts.counts.filteredDocuments == 1)
    let error = #expect(throws: DSXError.self) {
      _ = try rows([lines]) {
        $0.task = .lambada
        $0.compatibility = .pangu
      }
    }
    #expect(error?.location.line == 2)
  }

  @Test func longDocumentsAreRefused() throws {
    let folder = try TestFolder()
    let path = try folder.write("a", "short\n\n" + String(repeating: "x", count: 200))
    let error = #expect(throws: DSXError.self) {
      _ = try rows([path]) { $0.maximumDocumentBytes = 100 }
    }
    #expect(error?.code == .unsupported)
    #expect(error?.location == DSXError.Location(file: path, line: 3, byte: 7))
  }

  @Test(
    arguments: [
      { $0.sequenceLength = 1 }, { $0.filePartition = 0 }, { $0.workers = 0 },
      { $0.columnName = "" },
      { $0.maximumDocumentBytes = 0 }, { $0.output = "" },
      {
        $0.compatibility = .pangu
        $0.tail = .keep
      },
      { $0.seed = 2 }, { $0.epoch = 1 }, { $0.splitSeed = 2 },
      { $0.quality.contaminationWords = 5 },
      {
        $0.task = .chat
        $0.documents.rule = .file
      },
      {
        $0.task = .lambada
        $0.documents.textField = "body"
      },
      {
        $0.task = .panguWiki
        $0.documents.inputFormat = InputFormatChoice("csv")
      },
    ] as [@Sendable (inout PreparationOptions) -> Void])
  func optionsThatCannotBeKept(_ change: @Sendable (inout PreparationOptions) -> Void) {
    let error = #expect(throws: DSXError.self) {
      _ = try PreparationPipeline(ByteTokenizer.vocabulary, options(["x"], change))
    }
    #expect(error?.code == .usage)
  }
}
