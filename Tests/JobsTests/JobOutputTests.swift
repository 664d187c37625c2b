import DSXCore
import Testing

@testable import Jobs

@Suite struct JobOutputTests {
  /// A job that writes `text` to `out` beside a manifest; stops before `publish` when asked to.
  private struct Job {
    let folder: String
    var text = "data"
    var option = 1
    var names = ["out"]

    var output: JobOutput { JobOutput(path: FilePath.join(folder, "out"), names: names) }

    var plan: JobPlan {
      JobPlan(
        kind: "test", tool: "dsx 0", options: ["option": .int(Int64(option))],
        inputs: [FileFingerprint(name: "a", size: 3, sha256: SHA256.hex("abc"))], shardBytes: 2)
    }

    func inspect(
      overwrite: Bool = false, mayReplace: Bool = false
    ) throws(DSXError) -> JobOutput.State {
      try output.inspect(overwrite: overwrite, mayReplace: { _ in mayReplace }) {
        (_) throws(DSXError) in plan
      }
    }

    @discardableResult
    func write() throws(DSXError) -> JobManifest {
      let temporary = try output.begin()
      for name in names { try FilePath.write(Array(text.utf8), to: temporary.path(name)) }
      return try output.publish(temporary, plan: plan, counts: ["n": 1])
    }

    func path(_ name: String) -> String { FilePath.join(folder, name) }
  }

  private func withJob(_ body: (inout Job) throws -> Void) throws {
    let folder = "/tmp/dsx-jobs-\(UInt64.random(in: .min ... .max))"
    try FilePath.makeFolder(folder)
    defer { try? FilePath.removeTree(folder) }
    var job = Job(folder: folder)
    try body(&job)
  }

  private func isFree(_ state: JobOutput.State) -> Bool {
    if case .free = state { true } else { false }
  }

  @Test func finishedOnlyWithTheSamePlan() throws {
    try withJob { job in
      #expect(isFree(try job.inspect()))
      let manifest = try job.write()
      guard case .finished(let found) = try job.inspect() else {
        Issue.record("not finished")
        return
      }
      #expect(found == manifest)
      #expect(isFree(try job.inspect(overwrite: true)))
      #expect(try FilePath.list(job.folder) == ["out", "out.manifest.json"])
      job.option = 2
      let error = #expect(throws: DSXError.self) { _ = try job.inspect() }
      #expect(error?.code == .outputExists)
      #expect(error?.message.contains("option was 1 and is 2") == true)
      #expect(error?.hint?.contains("--overwrite") == true)
    }
  }

  @Test func dataWithoutManifestIsNeverFinished() throws {
    try withJob { job in
      try job.write()
      try FilePath.removeTree(job.path("out.manifest.json"))
      let error = #expect(throws: DSXError.self) { _ = try job.inspect() }
      #expect(error?.code == .outputExists)
      #expect(isFree(try job.inspect(overwrite: true, mayReplace: true)))
    }
  }

  /// What no manifest vouches for is replaced only when it is of the job's own kind.
  @Test func foreignFilesAreNeverOverwritten() throws {
    try withJob { job in
      try job.write()
      try FilePath.removeTree(job.path("out.manifest.json"))
      let error = #expect(throws: DSXError.self) { _ = try job.inspect(overwrite: true) }
      #expect(error?.code == .outputExists)
      try job.write()
      try FilePath.write([1, 2], to: job.path("out"))
      #expect(throws: DSXError.self) { _ = try job.inspect(overwrite: true) }
      #expect(isFree(try job.inspect(overwrite: true, mayReplace: true)))
    }
  }

  /// A file of the manifest's name is replaced only when it was one, whatever became of it.
  @Test func foreignManifestsAreNeverOverwritten() throws {
    try withJob { job in
      try FilePath.write(Array("{\"mine\": 1}".utf8), to: job.path("out.manifest.json"))
      let error = #expect(throws: DSXError.self) {
        _ = try job.inspect(overwrite: true, mayReplace: true)
      }
      #expect(error?.code == .outputExists)
      for broken in ["", "{\"format\": \"dsx-manifest\", \"ver"] {
        try FilePath.write(Array(broken.utf8), to: job.path("out.manifest.json"))
        #expect(isFree(try job.inspect(overwrite: true, mayReplace: true)))
      }
    }
  }

  /// Same size, other bytes: the SHA-256 tells.
  @Test func finishedMeansUnchanged() throws {
    try withJob { job in
      try job.write()
      let path = job.path("out")
      let size = try #require(FilePath.size(path))
      try FilePath.write([UInt8](repeating: 0, count: size), to: path)
      let error = #expect(throws: DSXError.self) { _ = try job.inspect() }
      #expect(error?.message.contains("changed") == true)
    }
  }

  @Test func aChangedOutputIsKeptAndAMissingOneIsMadeAgain() throws {
    try withJob { job in
      try job.write()
      try FilePath.write([1], to: job.path("out"))
      #expect(throws: DSXError.self) { _ = try job.inspect() }
      try FilePath.removeTree(job.path("out"))
      #expect(isFree(try job.inspect()))
    }
  }

  /// Killed after the data was moved into place and before the manifest was: the same job goes on, another is refused.
  @Test func aJobKilledWhilePublishingGoesOn() throws {
    try withJob { job in
      try job.write()
      let leftover = job.path(".dsx-tmp-out")
      try FilePath.makeFolder(leftover)
      let manifest = JobManifest(plan: job.plan, outputs: [], counts: [:])
      try FilePath.write(Array(manifest.text.utf8), to: leftover + "/out.manifest.json")
      try FilePath.removeTree(job.path("out.manifest.json"))
      #expect(isFree(try job.inspect()))
      job.option = 2
      #expect(throws: DSXError.self) { _ = try job.inspect() }
      job.option = 1
      try job.write()
      #expect(try FilePath.list(job.folder) == ["out", "out.manifest.json"])
    }
  }

  @Test func filesOfAnEarlierJobAreRemoved() throws {
    try withJob { job in
      job.names = ["out0", "out1"]
      try job.write()
      job.names = ["out"]
      try job.write()
      #expect(try FilePath.list(job.folder) == ["out", "out.manifest.json"])
    }
  }

  /// A manifest is input: whatever names it holds, nothing but its job's own files is removed.
  @Test(arguments: ["..", ".", "", "../other", "other"])
  func aForeignNameInAManifestIsNotRemoved(name: String) throws {
    try withJob { job in
      try job.write()
      try FilePath.write([1, 2], to: job.path("other"))
      let outputs = [FileFingerprint(name: name, size: 9, sha256: "")]
      let manifest = JobManifest(plan: job.plan, outputs: outputs, counts: [:])
      try FilePath.write(Array(manifest.text.utf8), to: job.path("out.manifest.json"))
      try job.write()
      #expect(try FilePath.list(job.folder) == ["other", "out", "out.manifest.json"])
    }
  }

  @Test func sizesOfAManifestDoNotOverflow() throws {
    try withJob { job in
      var plan = job.plan
      plan.inputs = (0..<3).map { _ in FileFingerprint(name: "a", size: .max, sha256: "") }
      let read = try JobPlan(json: plan.json)
      #expect(read.shards.totalBytes == .max)
      #expect(read.shards.count == Int.max / 2 + 1)
    }
  }

  @Test func manifestsAreReadBackAndHoldNothingElse() throws {
    try withJob { job in
      let manifest = try job.write()
      let again = try JobManifest(path: job.path("out.manifest.json"))
      #expect(again == manifest)
      #expect(again.outputs.first?.sha256 == SHA256.hex("data"))
      #expect(!manifest.text.contains(job.folder))
      for (change, code) in [
        ("\"version\": 1", DSXError.Code.unsupported), ("\"option\": 1", .corrupt),
        ("dsx-manifest", .malformed), ("\"outputs\"", .malformed), ("\"sha256\"", .malformed),
      ] {
        let text = manifest.text.replacing(change, with: change.dropLast() + "9")
        let path = job.path("changed")
        try FilePath.write(Array(text.utf8), to: path)
        let error = #expect(throws: DSXError.self) { _ = try JobManifest(path: path) }
        if change != "\"outputs\"", change != "\"sha256\"" { #expect(error?.code == code) }
      }
    }
  }
}
