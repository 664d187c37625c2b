import DSXCore
import Glibc
import Records
import Testing

@testable import Preparation

/// Whole runs: files in, record files and manifest out.
@Suite struct PreparationRunTests {
  private func run(
    _ folder: TestFolder, _ change: (inout PreparationOptions) -> Void = { _ in }
  ) throws -> Preparation.Outcome {
    var options = PreparationOptions(inputs: [folder.path + "/*.txt"])
    options.output = folder.path + "/out.mindrecord"
    options.sequenceLength = 5
    options.blockBytes = 64
    options.readBytes = 32
    options.tool = "dsx test"
    options.writesCard = false
    change(&options)
    return try Preparation(ByteTokenizer.vocabulary, options).run(progress: SilentProgress())
  }

  private func rows(_ path: String, column: String = "input_ids") throws -> [[Int32]] {
    let reader = try RecordReader(path: path)
    let batch = try reader.batch(0..<reader.count)
    guard let column = batch[column], case .int32(let ids) = column.elements,
      let offsets = column.offsets
    else { return [] }
    return (0..<batch.rows).map { Array(ids[offsets[$0]..<offsets[$0 + 1]]) }
  }

  private func bytes(_ path: String) throws -> [UInt8] {
    let file = try MappedFile(path: path)
    return withExtendedLifetime(file) { Array(file.bytes) }
  }

  @Test func writesWhatTheInputsSayAndFindsItselfFinished() throws {
    let folder = try TestFolder()
    try folder.write("b.txt", "second file\n\nwith two documents")
    try folder.write("a.txt", "first\r\n\r\nfile")
    let outcome = try run(folder)
    let ids = Oracle.ids(
      ["first", "file", "second file", "with two documents"].map { Array($0.utf8) })
    #expect(try rows(folder.path + "/out.mindrecord") == Oracle.rows(ids, 5).rows)
    #expect(outcome.counts.rows == ids.count / 5)
    #expect(outcome.counts.files == 2 && outcome.counts.documents == 4)
    #expect(outcome.counts.droppedTokens == ids.count % 5)
    #expect(!outcome.finishedAlready)
    #expect(
      try FilePath.list(folder.path) == [
        "a.txt", "b.txt", "out.mindrecord", "out.mindrecord.db", "out.mindrecord.manifest.json",
      ])
    let again = try run(folder)
    #expect(again.finishedAlready)
    #expect(again.counts == outcome.counts)
  }

  @Test func theSameBytesForEveryWorkerCount() throws {
    var all: [[[UInt8]]] = []
    for workers in [1, 2, 3] {
      let folder = try TestFolder()
      for number in 0..<5 {
        let text = (0..<40).map { "document \($0) of \(number)" }.joined(separator: "\n\n")
        try folder.write("\(number).txt", text)
      }
      _ = try run(folder) {
        $0.workers = workers
        $0.filePartition = 3
      }
      let names = try FilePath.list(folder.path).filter { $0.hasPrefix("out.") }
      #expect(names.count == 7)
      all.append(try names.map { try bytes(folder.path + "/" + $0) })
    }
    #expect(all[0] == all[1] && all[0] == all[2])
  }

  @Test func partitionsHoldEachRowOnce() throws {
    let folder = try TestFolder()
    try folder.write("a.txt", String(repeating: "words and words\n\n", count: 30))
    let outcome = try run(folder) {
      $0.filePartition = 4
      $0.columnName = "ids"
    }
    #expect(outcome.files.map { FilePath.split($0).name } == (0..<4).map { "out.mindrecord\($0)" })
    let ids = Oracle.ids(
      Oracle.documents(try bytes(folder.path + "/a.txt")))
    #expect(try rows(outcome.files[0], column: "ids") == Oracle.rows(ids, 5).rows)
  }

  @Test func keptTailsAreShorterRows() throws {
    let folder = try TestFolder()
    try folder.write("a.txt", "abcdefg")
    _ = try run(folder) { $0.tail = .keep }
    #expect(try rows(folder.path + "/out.mindrecord").map(\.count) == [5, 3])
  }

  @Test func compatNamesAsTheOriginal() throws {
    let folder = try TestFolder()
    try folder.write("a.txt", "abcdefg")
    let outcome = try run(folder) { $0.compatibility = .pangu }
    #expect(outcome.files == [folder.path + "/out.mindrecord0"])
    #expect(FilePath.exists(folder.path + "/out.mindrecord0.db"))
    #expect(try run(folder) { $0.compatibility = .pangu }.finishedAlready)
  }

  @Test func otherInputsOrOptionsNeedOverwrite() throws {
    let folder = try TestFolder()
    try folder.write("a.txt", "abcdefghijklmnop")
    _ = try run(folder)
    func refused(_ reason: String, _ change: (inout PreparationOptions) -> Void = { _ in }) {
      let error = #expect(throws: DSXError.self) { _ = try run(folder, change) }
      #expect(error?.code == .outputExists)
      #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
    }
    refused("seq_length was 5 and is 6") { $0.sequenceLength = 6 }
    try folder.write("a.txt", "abcdefghijklmnoP")
    refused("the input 'a.txt' has changed")
    try folder.write("b.txt", "abcdefghijklmnop")
    refused("1 input files, now there are 2")
    let outcome = try run(folder) { $0.overwrite = true }
    #expect(!outcome.finishedAlready && outcome.counts.files == 2)
    #expect(try run(folder).finishedAlready)
  }

  @Test func foreignOutputIsNotTouched() throws {
    let folder = try TestFolder()
    try folder.write("a.txt", "abcdefghijklmnop")
    try folder.write("out.mindrecord", "mine")
    let error = #expect(throws: DSXError.self) { _ = try run(folder) }
    #expect(error?.code == .outputExists)
    #expect(try bytes(folder.path + "/out.mindrecord") == Array("mine".utf8))
  }

  @Test func nothingIsLeftOfAFailedRun() throws {
    let folder = try TestFolder()
    func fails(_ code: DSXError.Code, _ change: (inout PreparationOptions) -> Void = { _ in })
      throws
      -> DSXError?
    {
      let error = #expect(throws: DSXError.self) { _ = try run(folder, change) }
      #expect(error?.code == code, "\(error.map(\.description) ?? "none")")
      #expect(try FilePath.list(folder.path).allSatisfy { $0.hasSuffix(".txt") })
      return error
    }
    _ = try fails(.nothingToDo)
    try folder.write("a.txt", "")
    #expect(try fails(.nothingToDo)?.message.contains("empty") == true)
    try folder.write("a.txt", "abc")
    #expect(try fails(.nothingToDo)?.message.contains("4 tokens") == true)
    try folder.write("b.txt", Array(repeating: 0x61, count: 300) + [0xff])
    _ = try fails(.malformed)
  }

  /// No compressor and no archiver writes 0 bytes.
  @Test(arguments: ["a.txt.gz", "a.txt.zst", "a.zip", "a.tar", "a.tar.gz"])
  func aPackedFileWithoutAByteIsDamaged(name: String) throws {
    let folder = try TestFolder()
    try folder.write(name, "")
    let error = #expect(throws: DSXError.self) {
      _ = try run(folder) { $0.inputs = [folder.path + "/" + name] }
    }
    #expect(
      error?.code != .nothingToDo && error?.code.exitCode.rawValue == 3,
      "\(String(describing: error))")
    #expect(try FilePath.list(folder.path) == [name])
  }

  /// A full disk: the system's limit on file sizes gives the same errors of `write`.
  @Test func unwritableFolder() throws {
    let folder = try TestFolder()
    try folder.write("a.txt", "abcdefghijklmnop")
    let error = #expect(throws: DSXError.self) {
      _ = try run(folder) { $0.output = "/proc/no-such-place/out.mindrecord" }
    }
    #expect(error?.code == .io)
    let inFile = #expect(throws: DSXError.self) {
      _ = try run(folder) { $0.output = folder.path + "/a.txt/out.mindrecord" }
    }
    #expect(inFile?.code == .io)
  }
}
