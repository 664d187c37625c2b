import DSXCore
import Testing

@testable import Jobs

/// Lines that several goes make, and never two processes at a time.
@Suite final class ResumableFileTests {
  private let folder = "/tmp/dsx-lines-\(UInt64.random(in: .min ... .max))"
  private var path: String { folder + "/out.jsonl" }
  private let identity: JSONValue = ["kind": "dsx-generate", "seed": 1]

  init() throws { try FilePath.makeFolder(folder) }

  deinit { try? FilePath.removeTree(folder) }

  private func text() throws -> String {
    let file = try MappedFile(path: path)
    return file.withBytes { String(decoding: $0, as: UTF8.self) }
  }

  private func open(_ identity: JSONValue? = nil, overwrite: Bool = false) throws(DSXError)
    -> ResumableFile
  {
    try ResumableFile(path: path, identity: identity ?? self.identity, overwrite: overwrite)
  }

  @Test func oneProcessAtATimeWhateverItMayReplace() throws {
    var first = try open()
    try first.append(lines: [["index": 0]])
    for (other, overwrite) in [
      (identity, false), (identity, true), (["kind": "dsx-generate", "seed": 2], true),
    ] {
      let error = #expect(throws: DSXError.self) { _ = try open(other, overwrite: overwrite) }
      #expect(error?.code == .outputExists)
      #expect(error?.message.contains("another run") == true)
    }
    try first.publish(counts: ["prompts": 1])
    #expect(try text() == "{\"index\":0}\n")
    #expect(Set(try FilePath.list(folder)) == ["out.jsonl", "out.jsonl.run.json"])
    // Then it is there, and may be replaced when that is asked for.
    #expect(try open().finished?["prompts"]?.int == 1)
    #expect(throws: DSXError.self) { _ = try open(["kind": "dsx-generate", "seed": 2]) }
    var second = try open(["kind": "dsx-generate", "seed": 2], overwrite: true)
    #expect(!FilePath.exists(path))
    try second.publish(counts: ["prompts": 0])
  }

  @Test func goesOnBehindWhatIsKept() throws {
    var first = try open()
    try first.append(lines: [["index": 0], ["index": 1]])
    first.close()
    var second = try open()
    #expect(FilePath.size(second.part) == 24)
    try second.keep(12)
    try second.append(lines: [["index": 7]])
    try second.publish(counts: [:])
    #expect(try text() == "{\"index\":0}\n{\"index\":7}\n")
  }

  @Test func nothingIsLostOfAnotherRun() throws {
    var first = try open()
    first.close()
    // Without a line there is nothing to lose.
    var second = try open(["kind": "dsx-generate", "seed": 2])
    try second.append(lines: [["index": 0]])
    second.close()
    let error = #expect(throws: DSXError.self) { _ = try open() }
    #expect(error?.code == .outputExists)
    #expect(FilePath.size(path + ".part") == 12)
    // What another command wrote is not replaced at all.
    #expect(throws: DSXError.self) { _ = try open(["kind": "dsx-predict"], overwrite: true) }
    #expect(FilePath.size(path + ".part") == 12)
    second.discard()
    #expect(try FilePath.list(folder).isEmpty)
    try FilePath.write(Array("mine".utf8), to: path)
    #expect(throws: DSXError.self) { _ = try open(overwrite: true) }
    #expect(try FilePath.list(folder) == ["out.jsonl"])
  }

  @Test func finishedLinesThatWereCutAreTold() throws {
    var first = try open()
    try first.append(lines: [["index": 0], ["index": 1]])
    try first.publish(counts: ["prompts": 2])
    #expect(try open().finished?["prompts"]?.int == 2)
    for text in ["{\"index\":0}\n", "{\"index\":0}\n{\"index\":1}\n\n"] {
      try FilePath.write(Array(text.utf8), to: path)
      let error = #expect(throws: DSXError.self) { _ = try open() }
      #expect(error?.code == .corrupt && error?.message.contains("24 bytes") == true)
      #expect(try self.text() == text)
    }
    var again = try open(overwrite: true)
    #expect(again.finished == nil)
    try again.append(lines: [["index": 0], ["index": 1]])
    try again.publish(counts: ["prompts": 2])
    #expect(try open().finished?["prompts"]?.int == 2)
  }
}
