import DSXCore
import Testing

@testable import Jobs

/// What a task does about an attempt that failed, by a stand-in for the job's commands and by what other
/// processes have left in the work folder meanwhile.
@Suite struct ShardRunnerTests {
  /// A work folder of two steps; the parts of both are finished, their manifests aside in `aside`.
  private struct Bench {
    let folder: String
    let work: WorkFolder

    init() throws {
      folder = "/tmp/dsx-runner-\(UInt64.random(in: .min ... .max))"
      for name in ["/out.work", "/aside"] { try FilePath.makeFolder(folder + name) }
      let plan = WorkPlan(
        plan: JobPlan(kind: "eval", tool: "dsx 0", options: [:], inputs: [], shardBytes: 1),
        steps: [WorkStep("first", shards: 2), WorkStep("second", shards: 1)], setup: .object([]))
      work = try WorkFolder.open(folder + "/out.work", plan, overwrite: false)
      for step in plan.steps {
        try ShardRun(work).make(.all(step: step.name)) { (claim) throws(DSXError) -> JSONValue in
          try FilePath.write([1], to: claim.path("x"))
          return ["rows": 1]
        }
      }
      _ = try CapturedRun(
        ["sh", "-c", "mv first second ../aside && mkdir first second"], folder: work.path)
    }

    /// The shell's words that put a step's parts into place.
    func come(_ step: String) -> String { "cp -a \(folder)/aside/\(step)/. \(work.path)/\(step)/" }

    /// A runner whose program is this script, which has the number of its attempt in `$n`.
    func runner(_ script: String, retries: Int = 3) throws -> ShardRunner {
      let text =
        "#!/bin/bash\necho >>\(folder)/attempts\nn=$(wc -l <\(folder)/attempts)\n" + script + "\n"
      try FilePath.write(Array(text.utf8), to: folder + "/program")
      _ = try CapturedRun(["chmod", "+x", folder + "/program"])
      var policy = RetryPolicy(retries: retries)
      policy.firstPause = 0.05
      return try ShardRunner(
        work, program: folder + "/program", workers: nil, policy: policy, tell: { _ in })
    }

    var attempts: Int { (FilePath.size(folder + "/attempts") ?? 0) }
  }

  private func withBench(_ body: (Bench) throws -> Void) throws {
    let bench = try Bench()
    defer { try? FilePath.removeTree(bench.folder) }
    try body(bench)
  }

  /// Who had the shards has made them: nothing is missing, whatever this attempt says.
  @Test func whatOthersFinishedIsASuccess() throws {
    try withBench { bench in
      let runner = try bench.runner(bench.come("first") + "; exit 5")
      #expect(try runner.run(bench.work.work.steps[0], 0...1) == nil)
      #expect(bench.attempts == 1)
    }
  }

  /// Who had them has died: they are free, and another attempt makes them.
  @Test func whatOthersLeftIsTriedAgain() throws {
    try withBench { bench in
      let runner = try bench.runner("[ $n = 1 ] && exit 5; " + bench.come("first"))
      #expect(try runner.run(bench.work.work.steps[0], 0...1) == nil)
      #expect(bench.attempts == 2)
    }
  }

  /// A step before lacks a part that nobody makes: waiting would be for nothing. Once some have come it is
  /// not.
  @Test func stepsBeforeAreWaitedForWhileTheyCome() throws {
    try withBench { bench in
      let failure = try bench.runner("exit 5").run(bench.work.work.steps[1], 0...0)
      #expect(failure?.ending == .exited(5) && bench.attempts == 1)
    }
    try withBench { bench in
      let script = "[ $n = 1 ] && \(bench.come("first")) && exit 5; " + bench.come("second")
      let runner = try bench.runner(script)
      #expect(try runner.run(bench.work.work.steps[1], 0...0) == nil)
      #expect(bench.attempts == 2)
    }
  }

  @Test func otherErrorsAreNot() throws {
    for code: Int32 in [2, 3, 4, 100] {
      try withBench { bench in
        let failure = try bench.runner("exit \(code)").run(bench.work.work.steps[0], 0...1)
        #expect(failure?.ending == .exited(code) && bench.attempts == 1)
      }
    }
  }

  /// Makers of parts hold the folder's lock together: they are in the way of the merging as one who holds
  /// it alone.
  @Test(arguments: ["-s", "-x"]) func mergingWaitsForMakers(_ lock: String) throws {
    try withBench { bench in
      let path = bench.work.path + "/lock"
      let holder = try ChildProcess(["flock", lock, path, "sleep", "0.5"])
      while try CapturedRun(["flock", "-n", "-x", path, "true"]).ending.isSuccess {}
      let failure = try bench.runner("flock -n -x \(path) true || exit 2", retries: 9).merge()
      #expect(failure == nil && bench.attempts > 1)
      _ = holder.wait()
      let other = try bench.runner("exit 2").merge()
      #expect(other?.ending == .exited(2))
    }
  }

  /// A merging that ends with 5 or 100 because of what it merged is over.
  @Test func mergedVerdictsAreNotTriedAgain() throws {
    for code: Int32 in [5, 100] {
      try withBench { bench in
        let runner = try bench.runner("rm -r \(bench.work.path); exit \(code)")
        #expect(try runner.merge()?.ending == .exited(code) && bench.attempts == 1)
      }
    }
  }

  @Test func mergingForProgramsKeepsWhatItSays() throws {
    try withBench { bench in
      let runner = try bench.runner("printf '{\"words\": \"%s\"}' \"$*\"; exit 5")
      let merged = try runner.mergeForJSON()
      #expect(merged.failure?.ending == .exited(5))
      #expect(
        merged.result["words"]?.string == "eval merge --format json " + bench.work.path)
    }
  }
}
