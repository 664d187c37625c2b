import DSXCore
import Testing

@testable import Jobs

@Suite struct WorkFolderTests {
  private func withWork(_ shards: Int = 3, _ body: (WorkFolder, WorkStep) throws -> Void) throws {
    let folder = "/tmp/dsx-work-\(UInt64.random(in: .min ... .max))"
    defer { try? FilePath.removeTree(folder) }
    let plan = JobPlan(
      kind: "test", tool: "dsx 0", options: ["a": 1],
      inputs: [FileFingerprint(name: "a", size: 3, sha256: SHA256.hex("abc"))], shardBytes: 2)
    let step = WorkStep("encode", shards: shards)
    let work = try WorkFolder.create(
      path: folder + "/out.work", WorkPlan(plan: plan, steps: [step], setup: ["here": "there"]))
    try body(work, step)
  }

  private func claim(_ work: WorkFolder, _ step: WorkStep, _ shard: Int, verify: Bool = false)
    throws -> ShardClaim?
  {
    guard case .claimed(let claim) = try work.claim(step, shard, verify: verify) else { return nil }
    return claim
  }

  private func make(_ work: WorkFolder, _ step: WorkStep, _ shard: Int, _ text: String = "data")
    throws
  {
    let claim = try #require(try claim(work, step, shard))
    try FilePath.write(Array(text.utf8), to: claim.path("file"))
    _ = try claim.publish(counts: ["rows": 2, "tokens": 5])
  }

  @Test func partsAreNamedByNumber() {
    #expect(WorkStep("x", shards: 120).partName(17) == "part-00017-of-00120")
    #expect(WorkStep("x", shards: 1_234_567).partName(0) == "part-00000-of-1234567")
  }

  @Test func aPlanIsReadBack() throws {
    try withWork { work, _ in
      let again = try WorkFolder(path: work.path)
      #expect(again.work == work.work)
      #expect(throws: DSXError.self) { _ = try WorkFolder(path: work.path + "/encode") }
    }
  }

  @Test func aFinishedPartIsPassedOver() throws {
    try withWork { work, step in
      #expect(!work.hasFinishedParts)
      try make(work, step, 1)
      #expect(work.hasFinishedParts)
      #expect(try claim(work, step, 1) == nil)
      let manifest = try #require(try work.manifest(step, 1))
      #expect(manifest.files.map(\.name) == ["file"])
      #expect(manifest.files.first?.sha256 == SHA256.hex("data"))
      #expect(
        try FilePath.list(work.path + "/encode") == [
          "part-00001-of-00003", "part-00001-of-00003.json",
        ])
    }
  }

  @Test func aPartIsMadeByOneAtATime() throws {
    try withWork { work, step in
      let first = try #require(try claim(work, step, 0))
      guard case .taken = try work.claim(step, 0) else {
        Issue.record("taken twice")
        return
      }
      guard case .running = try work.state(step, 0) else {
        Issue.record("not running")
        return
      }
      first.drop()
      guard case .missing = try work.state(step, 0) else {
        Issue.record("not missing")
        return
      }
      try make(work, step, 0)
    }
  }

  @Test func damageIsFoundBySizeAndOnRequestByHash() throws {
    try withWork { work, step in
      try make(work, step, 0)
      let file = work.part(step, 0) + "/file"
      try FilePath.write(Array("dota".utf8), to: file)
      #expect(try work.manifest(step, 0) != nil)
      #expect(try work.manifest(step, 0, verify: true) == nil)
      let again = try #require(try claim(work, step, 0, verify: true))
      again.drop()
      try FilePath.write(Array("dat".utf8), to: file)
      #expect(try work.manifest(step, 0) == nil)
      try make(work, step, 0)
      #expect(try work.manifest(step, 0, verify: true) != nil)
    }
  }

  /// A part without a manifest, temporary files of the dead and a torn manifest do not stand in the way.
  @Test func leftoversOfADeadProcessAreTakenOver() throws {
    try withWork { work, step in
      let part = work.part(step, 2)
      try FilePath.makeFolder(part)
      try FilePath.write([1], to: part + "/file")
      try FilePath.write(Array("{".utf8), to: part + ".json")
      let left = "\(work.path)/encode/" + ShardClaim.prefix(step, 2)
      try FilePath.makeFolder(left + "99999999")
      try FilePath.write([], to: part + ".lock")
      try make(work, step, 2)
      #expect(
        try FilePath.list(work.path + "/encode") == [
          "part-00002-of-00003", "part-00002-of-00003.json",
        ])
    }
  }

  /// Where locks do not reach other machines, the folder of one may still be written.
  @Test func temporaryFilesOfOtherMachinesStay() throws {
    try withWork { work, step in
      let other = work.path + "/encode/.tmp-part-00002-of-00003.another-machine.x.7"
      try FilePath.makeFolder(other)
      try make(work, step, 2)
      #expect(FilePath.isFolder(other))
    }
  }

  @Test func aPartOfAnotherPlanIsRefused() throws {
    try withWork { work, step in
      try make(work, step, 0)
      let path = work.part(step, 0) + ".json"
      var manifest = try ShardManifest(path: path)
      manifest.id = SHA256.hex("other")
      try FilePath.write(Array(manifest.text.utf8), to: path)
      let error = #expect(throws: DSXError.self) { _ = try work.claim(step, 0) }
      #expect(error?.code == .outputExists)
    }
  }

  @Test func statusTellsDoneFailedAndMissing() throws {
    try withWork { work, step in
      try make(work, step, 0)
      let claim = try #require(try claim(work, step, 1))
      claim.fail(DSXError(.malformed, "bad text", file: "a.txt", line: 3))
      let status = try WorkStatus(FilePath.split(work.path).folder + "/out")
      #expect(status.steps.count == 1 && !status.isComplete && status.counts == nil)
      let found = try #require(status.steps.first)
      #expect(found.done == 1 && found.rows == 2 && found.tokens == 5)
      #expect(found.failed.map(\.shard) == [1] && found.missing == [2])
      #expect(found.failed.first?.why.contains("bad text") == true)
      try make(work, step, 1)
      try make(work, step, 2)
      #expect(try WorkStatus(work.path).isComplete)
    }
  }
}
