import DSXCore
import Testing

@testable import Jobs

/// A folder of several sets is finished when its record says so, never because some manifest lies in it.
@Suite struct FolderOutputTests {
  private func withFolder(_ body: (FolderOutput) throws -> Void) throws {
    let folder = "/tmp/dsx-folder-\(UInt64.random(in: .min ... .max))"
    defer { try? FilePath.removeTree(folder) }
    try FilePath.makeFolder(folder)
    try body(FolderOutput(path: folder, sets: ["train", "test"]))
  }

  /// Makes a set of the folder: a file and its manifest.
  private func make(_ name: String, in folder: FolderOutput, option: Int = 1) throws {
    let output = JobOutput(path: FilePath.join(folder.path, name), names: [name])
    let temporary = try output.begin()
    try FilePath.write(Array(name.utf8), to: temporary.path(name))
    let plan = JobPlan(
      kind: "test", tool: "dsx 0", options: ["set": .string(name), "n": .int(Int64(option))],
      inputs: [], shardBytes: 1)
    _ = try output.publish(temporary, plan: plan, counts: ["rows": 3])
  }

  private func isFinished(_ folder: FolderOutput) throws -> Bool {
    do throws(DSXError) { return try WorkStatus(folder.path).counts != nil } catch {
      guard error.message == "there is no job" else { throw error }
      return false
    }
  }

  @Test func onlyTheRecordMakesItFinished() throws {
    try withFolder { folder in
      try folder.begin()
      try make("train", in: folder)
      #expect(try !isFinished(folder))
      #expect(throws: DSXError.self) { try folder.finish() }
      #expect(try !isFinished(folder))
      try make("test", in: folder)
      #expect(try !isFinished(folder))
      try folder.finish()
      let status = try WorkStatus(folder.path + "/")
      #expect(status.isComplete && status.counts?["rows"]?.int == 6)
      #expect(
        try FilePath.list(folder.path).filter { !$0.hasPrefix("t") } == [FolderManifest.fileName])
      let record = try FolderManifest(path: folder.manifestPath)
      #expect(record.sets.map(\.name) == ["test", "train"])
      // A set that was made anew since, by another plan, is not this job's.
      try make("test", in: folder, option: 2)
      #expect(try !isFinished(folder))
      try folder.finish()
      #expect(try isFinished(folder))
      try FilePath.removeTree(folder.path + "/train.manifest.json")
      #expect(try !isFinished(folder))
    }
  }

  /// The record of a smaller job must not pass for that of a greater one that failed.
  @Test func theRecordOfOtherSetsIsTakenAway() throws {
    try withFolder { folder in
      let small = FolderOutput(path: folder.path, sets: ["train"])
      try make("train", in: folder)
      try small.finish()
      #expect(try isFinished(folder))
      try folder.begin()
      #expect(try !isFinished(folder))
      try make("test", in: folder)
      try folder.finish()
      // A part of what is recorded changes nothing.
      let bytes = try MappedFile(path: folder.manifestPath).withBytes { Array($0) }
      try small.finish()
      #expect(try MappedFile(path: folder.manifestPath).withBytes { Array($0) } == bytes)
    }
  }

  @Test(arguments: [
    "mine", "{}", #"{"format": "dsx-folder", "version": 2, "sets": []}"#,
    #"{"format": "dsx-folder", "version": 1, "sets": []}"#,
    #"{"format": "dsx-folder", "version": 1, "sets": [{"name": "../x", "id": ""}]}"#,
  ])
  func whatIsNoRecordIsNeitherReadNorReplaced(_ text: String) throws {
    try withFolder { folder in
      try make("train", in: folder)
      try make("test", in: folder)
      try FilePath.write(Array(text.utf8), to: folder.manifestPath)
      #expect(throws: DSXError.self) { try folder.begin() }
      let error = #expect(throws: DSXError.self) { try folder.finish() }
      #expect(error?.code.exitCode == .usage && error?.hint != nil)
      #expect(throws: DSXError.self) { _ = try WorkStatus(folder.path) }
      #expect(
        try MappedFile(path: folder.manifestPath).withBytes { Array($0) } == Array(text.utf8))
    }
  }
}
