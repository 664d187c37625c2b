import DSXCore
import Testing

@testable import Jobs

/// Jobs whose work folder is gone, or was left by a merging that died at its very end.
@Suite struct FinishedJobTests {
  private func withWork(_ body: (WorkFolder, String) throws -> Void) throws {
    let folder = "/tmp/dsx-finished-\(UInt64.random(in: .min ... .max))"
    defer { try? FilePath.removeTree(folder) }
    let plan = JobPlan(
      kind: "prepare", tool: "dsx 0", options: ["a": 1], inputs: [], shardBytes: 1)
    let work = try WorkFolder.create(
      path: folder + "/out.work",
      WorkPlan(plan: plan, steps: [WorkStep("encode", shards: 2)], setup: .object([])))
    try ShardRun(work).make(.all(step: nil)) { (claim) throws(DSXError) -> JSONValue in
      try FilePath.write(Array("\(claim.shard)".utf8), to: claim.path("out\(claim.shard)"))
      return ["rows": 1]
    }
    try body(work, folder + "/out")
  }

  /// Moves the parts to the output, as `dsx prepare merge` does.
  private func publish(_ work: WorkFolder, _ output: String) throws {
    let step = try work.step("encode")
    let sources = (0..<2).map { FilePath.join(work.part(step, $0), "out\($0)") }
    var outputs: [FileFingerprint] = []
    for source in sources { outputs.append(try FileFingerprint.of(path: source)) }
    try JobOutput(path: output, names: ["out0", "out1"]).publish(
      sources, JobManifest(plan: work.work.plan, outputs: outputs, counts: ["rows": 2]), from: work)
  }

  @Test func aMergedJobIsFinishedUnderBothNames() throws {
    try withWork { work, output in
      #expect(try WorkFolder.find(output) == work.path)
      try publish(work, output)
      try work.remove()
      for path in [output, work.path, work.path + "/"] {
        #expect(try WorkStatus(path).counts?["rows"]?.int == 2)
        for find in [
          { _ = try WorkFolder.find(path) }, { _ = try WorkFolder(job: path) },
        ] as [() throws -> Void] {
          let error = #expect(throws: DSXError.self) { try find() }
          #expect(error?.code == .alreadyMade && error?.code.exitCode == .ok)
        }
      }
    }
  }

  /// Killed between the last file and the folder itself.
  @Test func anEmptyWorkFolderIsRemoved() throws {
    try withWork { work, output in
      try publish(work, output)
      try work.remove()
      for path in [output, work.path] {
        try FilePath.makeFolder(work.path)
        #expect(try WorkStatus(path).isComplete && FilePath.exists(work.path))
        #expect(throws: DSXError.self) { _ = try WorkFolder.find(path) }
        #expect(!FilePath.exists(work.path))
      }
      // Anything in it may be somebody's.
      try FilePath.makeFolder(work.path + "/mine")
      #expect(throws: DSXError.self) { _ = try WorkFolder.find(output) }
      #expect(FilePath.exists(work.path + "/mine"))
    }
  }

  @Test func aDiscardedJobIsNone() throws {
    try withWork { work, output in
      try work.remove()
      for path in [output, work.path] {
        let error = #expect(throws: DSXError.self) { _ = try WorkStatus(path) }
        #expect(error?.message == "there is no job" && error?.code.exitCode == .usage)
        let none = #expect(throws: DSXError.self) { _ = try WorkFolder(job: path) }
        #expect(none?.code == .usage)
      }
    }
  }

  /// Its parts are the output's files by now: they must not be made again.
  @Test func aMergingThatDiedAtItsEndLeavesAFinishedJob() throws {
    try withWork { work, output in
      try publish(work, output)
      #expect(try WorkStatus(output).counts?["rows"]?.int == 2)
      let job = try WorkFolder(job: output)
      #expect(try job.missing(try job.step("encode"), verify: true).isEmpty)
      // The output of another plan says nothing of this one's parts.
      let path = output + ".manifest.json"
      var manifest = try JobManifest(path: path)
      manifest.plan.options = ["a": 2]
      try FilePath.write(Array(manifest.text.utf8), to: path)
      #expect(try WorkStatus(output).counts == nil)
      let other = try WorkFolder(job: output)
      #expect(try other.missing(try other.step("encode")) == [0, 1])
    }
  }

  @Test func whoIsAtWorkIsSeenByTheLock() throws {
    try withWork { work, output in
      #expect(!work.isInUse)
      for exclusive in [false, true] {
        let lock = try WorkLock(work.path, exclusive: exclusive, output: output)
        #expect(work.isInUse && work.isClosed == exclusive)
        lock.release()
        #expect(!work.isInUse)
      }
    }
  }

  @Test func damagedPartsAreNamedApart() throws {
    try withWork { work, _ in
      let step = try work.step("encode")
      try FilePath.write(Array("X".utf8), to: work.part(step, 1) + "/out1")
      try work.requireAll(verify: false, command: "x")
      var error = #expect(throws: DSXError.self) { try work.requireAll(verify: true, command: "x") }
      #expect(error?.message == "shards are damaged: encode 1")
      #expect(error?.hint == "'x --verify' makes them")
      try FilePath.removeTree(work.part(step, 0) + ".json")
      error = #expect(throws: DSXError.self) { try work.requireAll(verify: true, command: "x") }
      #expect(error?.message == "shards are missing: encode 0. shards are damaged: encode 1")
      try work.requireAll(verify: true, command: "x", besides: "encode")
    }
  }
}
