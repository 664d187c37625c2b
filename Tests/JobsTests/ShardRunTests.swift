import DSXCore
import Testing

@testable import Jobs

/// Jobs of counted things: how they are cut, made by several, found and refused.
@Suite struct ShardRunTests {
  @Test func everyThingIsInOneShard() {
    var random = PCG64(seed: 9)
    for _ in 0..<200 {
      let total = Int(random.bounded(5000))
      let shards = CountShards(total: total, size: 1 + Int(random.bounded(600)))
      var next = 0
      for shard in 0..<shards.count {
        let range = shards.range(of: shard)
        #expect(range.lowerBound == next && range.count <= shards.size)
        next = range.upperBound
      }
      #expect(next == total)
    }
    #expect(CountShards(total: 0, size: 5).count == 1)
    #expect(CountShards(total: 5, size: 5).range(of: 7).isEmpty)
    #expect(CountShards(total: 5, size: Int.max).range(of: Int.max).isEmpty)
  }

  @Test func sizesAreWholeUnitsAndDependOnTheDataAlone() {
    #expect(CountShards.size(wanted: 1, total: 100, unit: 32) == 32)
    #expect(CountShards.size(wanted: 64, total: 100, unit: 32) == 64)
    #expect(CountShards.size(wanted: nil, total: 100, unit: 32) == 256)
    #expect(CountShards.size(wanted: nil, total: 1_000_000, unit: 32) == 4096)
    #expect(CountShards.size(wanted: Int.max, total: 9, unit: 32) % 32 == 0)
    #expect(CountShards.size(wanted: nil, total: 100, unit: 100) == 300)
  }

  private func withWork(_ body: (WorkFolder) throws -> Void) throws {
    let folder = "/tmp/dsx-shards-\(UInt64.random(in: .min ... .max))"
    defer { try? FilePath.removeTree(folder) }
    try FilePath.makeFolder(folder + "/out.work")
    try body(try WorkFolder.open(folder + "/out.work", Self.plan(1), overwrite: false))
  }

  private static func plan(_ option: Int, tool: String = "dsx 0") -> WorkPlan {
    WorkPlan(
      plan: JobPlan(
        kind: "eval", tool: tool, options: ["a": .int(Int64(option))], inputs: [], shardBytes: 1),
      steps: [WorkStep("first", shards: 3), WorkStep("second", shards: 2)], setup: .object([]))
  }

  private func make(_ claim: ShardClaim) throws(DSXError) -> JSONValue {
    try FilePath.write(Array("\(claim.step.name) \(claim.shard)".utf8), to: claim.path("x"))
    return ["rows": 1]
  }

  @Test func stepsWaitForThoseBefore() throws {
    try withWork { work in
      let run = ShardRun(work)
      var error = #expect(throws: DSXError.self) {
        try run.make(.shards([0], step: "second"), make)
      }
      #expect(error?.code == .incomplete)
      error = #expect(throws: DSXError.self) { try run.make(.shards([3], step: nil), make) }
      #expect(error?.code == .usage)
      error = #expect(throws: DSXError.self) { try run.make(.all(step: "third"), make) }
      #expect(error?.code == .usage)
      try run.make(.shards([2, 0], step: "first"), make)
      #expect(try work.missing(try work.step("first")) == [1])
      error = #expect(throws: DSXError.self) { try work.requireAll(verify: true, command: "x") }
      #expect(error?.message == "shards are missing: first 1; second 0-1")
      try run.make(.all(step: nil), make)
      try work.requireAll(verify: true, command: "x")
      #expect(try WorkStatus(work.path).isComplete)
      #expect(try WorkStatus(FilePath.split(work.path).folder + "/out").isComplete)
    }
  }

  @Test func damagedPartsAreMissingAndMadeAgain() throws {
    try withWork { work in
      let step = try work.step("first")
      try ShardRun(work).make(.all(step: "first"), make)
      try FilePath.write(Array("first X".utf8), to: work.part(step, 1) + "/x")
      #expect(try work.missing(step).isEmpty)
      #expect(try work.missing(step, verify: true) == [1])
      var made: [Int] = []
      try ShardRun(work, verify: true).make(.all(step: "first")) { (claim) throws(DSXError) in
        made.append(claim.shard)
        return try make(claim)
      }
      #expect(made == [1])
    }
  }

  @Test func failuresAreKeptForStatus() throws {
    try withWork { work in
      let error = #expect(throws: DSXError.self) {
        try ShardRun(work).make(.shards([1], step: "first")) { (_) throws(DSXError) in
          throw DSXError(.io, "no disk")
        }
      }
      #expect(error?.code == .io)
      let status = try WorkStatus(work.path)
      #expect(status.steps[0].failed.map(\.shard) == [1])
      #expect(status.steps[0].missing == [0, 2])
      try ShardRun(work).make(.shards([1], step: "first"), make)
      #expect(try WorkStatus(work.path).steps[0].failed.isEmpty)
    }
  }

  @Test func foldersOfOtherPlansKindsAndVersionsAreRefused() throws {
    try withWork { work in
      // Without a finished part another plan takes its place.
      _ = try WorkFolder.open(work.path, Self.plan(2), overwrite: false)
      let own = try WorkFolder.open(work.path, Self.plan(1), overwrite: false)
      try ShardRun(own).make(.shards([0], step: "first"), make)
      let again = try WorkFolder.open(work.path, Self.plan(1), overwrite: false)
      #expect(again.work == own.work)
      var error = #expect(throws: DSXError.self) {
        _ = try WorkFolder.open(work.path, Self.plan(2), overwrite: false)
      }
      #expect(error?.code == .outputExists)
      error = #expect(throws: DSXError.self) { try own.require(kind: "predict", tool: "dsx 0") }
      #expect(error?.code == .usage)
      error = #expect(throws: DSXError.self) { try own.require(kind: "eval", tool: "dsx 1") }
      #expect(error?.code == .outputExists)
      let replaced = try WorkFolder.open(work.path, Self.plan(2), overwrite: true)
      #expect(!replaced.hasFinishedParts)
      #expect(try WorkFolder.find(FilePath.split(work.path).folder + "/out") == work.path)
    }
  }

  @Test func foldersOfOthersAreLeftAlone() throws {
    let folder = "/tmp/dsx-shards-\(UInt64.random(in: .min ... .max))"
    defer { try? FilePath.removeTree(folder) }
    try FilePath.makeFolder(folder + "/out.work")
    try FilePath.write([1], to: folder + "/out.work/mine")
    let error = #expect(throws: DSXError.self) {
      _ = try WorkFolder.open(folder + "/out.work", Self.plan(1), overwrite: true)
    }
    #expect(error?.code == .outputExists)
    #expect(FilePath.exists(folder + "/out.work/mine"))
  }

  @Test func commandLinesAreReadBack() throws {
    let command = PlannedCommand(arguments: ["--limit", "3", "a b"])
    #expect(try PlannedCommand(setup: command.json) == command)
    #expect(throws: DSXError.self) { _ = try PlannedCommand(setup: ["folder": "/"]) }
  }

  @Test func numbersAreRuns() {
    #expect(ShardNumbers.text([0, 3, 4, 5, 9]) == "0, 3-5, 9")
    #expect(ShardNumbers.text([]) == "")
    #expect(ShardNumbers.text((0..<60).map { $0 * 2 }).hasSuffix("38, ..."))
  }
}
