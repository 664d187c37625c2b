import DSXCore
import Testing

@testable import Jobs

@Suite struct SlurmTextTests {
  /// Of Debian 12's slurm-wlm 22.05.8, shortened.
  @Test func readsTheConfiguration() throws {
    let config = try SlurmConfig(
      parsing: """
        Configuration data as of 2026-11-22T01:20:00
        AccountingStorageBackupHost = (null)
        ClusterName             = dsxtest
        KeepAliveTime           = SYSTEM_DEFAULT
        MaxArraySize            = 100001
        MaxJobCount             = 200000
        SLURM_VERSION           = 22.05.8
        TmpFS                   = /tmp

        Slurmctld(primary) at node is UP

        """)
    #expect(config.cluster == "dsxtest")
    #expect(config.maxArraySize == 100_001)
    #expect(config.version == "22.05.8")
    #expect(try SlurmConfig(parsing: "").maxArraySize == 1001)
    #expect(throws: DSXError.self) { try SlurmConfig(parsing: "MaxArraySize = 0") }
  }

  @Test func readsTheQueue() {
    let tasks = SlurmTask.parse(
      """
      slurm_load_jobs: a message
      12_0|dsx-a-0001-encode|COMPLETED|0:03|n1|None
      12_1|dsx-a-0001-encode|RUNNING|0:01|n2|None
      12_2|dsx-a-0001-encode|PENDING|0:00||Resources
      12_[3-4,7%2]|dsx-a-0001-encode|PENDING|0:00||JobArrayTaskLimit
      13|dsx-a-0002-merge|PENDING|0:00||Dependency
      14|other|FAILED|0:09|n3|NonZeroExitCode|and more
      x_1|other|FAILED|0:09|n3|None
      """)
    #expect(
      tasks.map(\.id) == ["12_0", "12_1", "12_2", "12_3", "12_4", "12_7", "13", "14"])
    #expect(
      tasks.map(\.isLive) == [false, true, true, true, true, true, true, false])
    #expect(tasks[1].isRunning && tasks[1].nodes == "n2")
    #expect(tasks[7].reason == "NonZeroExitCode|and more")
  }

  @Test func timeLimits() throws {
    #expect(try SlurmTime.seconds("30") == 1800)
    #expect(try SlurmTime.seconds("30:05") == 1805)
    #expect(try SlurmTime.seconds("2:00:00") == 7200)
    #expect(try SlurmTime.seconds("1-12") == 129_600)
    #expect(try SlurmTime.seconds("1-12:30") == 131_400)
    #expect(try SlurmTime.seconds("1-00:00:01") == 86_401)
    #expect(try SlurmTime.seconds("UNLIMITED") == nil)
    for wrong in ["", "x", "1:2:3:4", "1-2-3", "-1", "1:", "99999999"] {
      #expect(throws: DSXError.self) { try SlurmTime.seconds(wrong) }
    }
  }

  @Test func directivesAreQuotedAsSbatchReadsThem() {
    #expect(SlurmDirective.line("--time=1:00") == "#SBATCH --time=1:00")
    #expect(SlurmDirective.line("--comment=two words") == "#SBATCH \"--comment=two words\"")
    #expect(
      SlurmDirective.line("--comment=a\"b\\c#d'e")
        == "#SBATCH \"--comment=a\\\"b\\\\c\\#d'e\"")
    for text in ["a b", "it's \"x\" # y \\ z", "#", "\\", "''", "日本 語", "a=b&c|d;e$f`g`(h)*?"] {
      #expect(Self.read(SlurmDirective.line("--comment=" + text)) == "--comment=" + text)
    }
  }

  /// What sbatch (22.05) makes of the first word of an `#SBATCH` line, by its documented rules: blanks end
  /// a word unless quoted, a backslash takes the next character as it is, `#` begins a comment.
  private static func read(_ line: String) -> String {
    var word: [UInt8] = []
    var quote: UInt8?
    var isEscaped = false
    for byte in Array(line.utf8.dropFirst("#SBATCH ".utf8.count)) {
      if isEscaped {
        word.append(byte)
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else if let open = quote {
        if byte == open { quote = nil } else { word.append(byte) }
      } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
        quote = byte
      } else if byte == UInt8(ascii: "#") || byte == 0x20 {
        break
      } else {
        word.append(byte)
      }
    }
    return String(decoding: word, as: UTF8.self)
  }

  @Test func optionsThatAreOursAreRefused() throws {
    let fine = ["--account=a b", "--mem-per-cpu=2G", "-A", "--constraint=a&b", "--exclude=n[1-3]"]
    #expect(try SlurmOptions(arguments: fine).arguments == fine)
    for wrong in [
      "--array=0-3", "--arr=1", "--wrap=true", "--output=/x", "-o", "-Jx", "--job-name", "account",
      "", "--", "--comment=a\nb", "--dependency=afterok:1", "--parsable",
      "-W", "-Mother", "-M", "--clusters=other", "--cluster=other", "--wait",
      "--comment=" + String(repeating: "x", count: 5000),
    ] {
      #expect(throws: DSXError.self) { try SlurmOptions(arguments: [wrong]) }
    }
    #expect(throws: DSXError.self) { try SlurmOptions(cpus: 0) }
    #expect(throws: DSXError.self) { try SlurmOptions(memory: "4X") }
    #expect(throws: DSXError.self) { try SlurmOptions(time: "soon") }
    #expect(throws: DSXError.self) { try SlurmOptions(maxRunning: 0) }
    #expect(throws: DSXError.self) { try SlurmOptions(partition: "a\nb") }
    #expect(try SlurmOptions(time: "1:00:00").seconds == 3600)
  }

  /// sbatch takes its variables before what stands in a script.
  @Test func variablesDoNotOverrideWhatWasAsked() throws {
    let asked = Slurm.overriding(
      try SlurmOptions(partition: "a", time: "10", arguments: ["--mem-per-cpu=2G"]))
    for name in ["SBATCH_PARTITION", "SBATCH_TIMELIMIT", "SBATCH_MEM_PER_NODE", "SLURM_CLUSTERS"] {
      #expect(asked.contains(name))
    }
    let plain = Slurm.overriding(try SlurmOptions())
    #expect(plain.contains("SBATCH_CLUSTERS") && plain.contains("SBATCH_ARRAY_INX"))
    #expect(!plain.contains("SBATCH_PARTITION") && !plain.contains("SBATCH_MEM_PER_NODE"))
  }
}

@Suite struct SubmissionPlanTests {
  private let encode = WorkStep("encode", shards: 10)
  private let pack = WorkStep("pack", shards: 10)

  private func job(_ number: Int, _ step: String?, each: Int = 1, first: Int = 0) -> SubmittedJob {
    SubmittedJob(
      number: number, name: "j\(number)", id: "\(number)", step: step, shardsPerTask: each,
      firstTask: first, script: "s")
  }

  private func plan(
    _ encodeMissing: [Int], _ packMissing: [Int] = [], each: Int = 1,
    live: [SubmissionPlan.Live] = [], size: Int = 1001
  ) -> SubmissionPlan {
    SubmissionPlan(
      [
        .init(encode, missing: encodeMissing, shardsPerTask: each),
        .init(pack, missing: packMissing, shardsPerTask: each),
      ], live: live, maxArraySize: size)
  }

  @Test func onlyWhatIsMissing() {
    let plan = plan([2, 3, 7], Array(0..<10))
    #expect(plan.arrays.map(\.indices) == [[2, 3, 7], Array(0..<10)])
    #expect(plan.merges && plan.cancelled.isEmpty)
    #expect(self.plan([]).arrays.isEmpty)
    #expect(self.plan([]).merges)
  }

  @Test func cutsAtMaxArraySize() {
    let plan = plan([0, 3, 4, 8, 9], size: 4)
    #expect(plan.arrays.map(\.firstTask) == [0, 4, 8])
    #expect(plan.arrays.map(\.indices) == [[0, 3], [0], [0, 1]])
    #expect(plan.arrays.map(\.shards) == [2, 1, 2])
    let packed = self.plan([0, 3, 4, 8, 9], each: 3, size: 2)
    #expect(packed.arrays.map(\.firstTask) == [0, 2])
    #expect(packed.arrays.map(\.indices) == [[0, 1], [0, 1]])
    #expect(packed.arrays.map(\.shards) == [3, 2])
  }

  @Test func whatIsInTheQueueIsNotSubmittedAgain() {
    let live: [SubmissionPlan.Live] = [
      .init(job(5, "encode", each: 2, first: 2), id: "5", indices: [0, 1]),
      .init(job(6, "pack", each: 2), id: "6", indices: [0, 1, 2, 3, 4]),
      .init(job(7, nil), id: "7", indices: []),
    ]
    // Tasks 2 and 3 of two shards: shards 4 to 7.
    let same = plan([4, 6, 7], Array(0..<10), each: 5, live: live)
    #expect(same.isEmpty && same.cancelled.isEmpty)
    #expect(same.queued == ["encode": 3, "pack": 10])
    // A shard more: its task, and what waited for the old ones comes again behind it.
    let more = plan([0, 4, 6, 7], Array(0..<10), each: 5, live: live)
    #expect(more.cancelled == ["6", "7"])
    #expect(more.arrays.map(\.step.name) == ["encode", "pack"])
    #expect(more.arrays[0].shardsPerTask == 2)
    #expect(more.arrays[0].indices == [0])
    #expect(more.arrays[1].after == ["5"])
    #expect(more.arrays[1].shardsPerTask == 5)
    #expect(more.merges && more.mergesAfter == ["5"])
  }

  @Test func theLastStepAloneLeavesTheFirst() {
    let live: [SubmissionPlan.Live] = [
      .init(job(5, "encode"), id: "5", indices: [1]), .init(job(7, nil), id: "7", indices: []),
    ]
    let plan = plan([1], [3], live: live)
    #expect(plan.arrays.map(\.after) == [["5"]])
    #expect(plan.cancelled == ["7"])
  }

  /// Whatever is missing and in the queue: every missing shard is in exactly one task of all.
  @Test func everyMissingShardIsInOneTask() {
    var generator = PCG64(seed: 4)
    for _ in 0..<300 {
      let shards = 1 + Int(generator.next() % 50)
      let step = WorkStep("x", shards: shards)
      let missing = (0..<shards).filter { _ in generator.next() % 3 > 0 }
      let each = 1 + Int(generator.next() % 6)
      let size = 1 + Int(generator.next() % 9)
      var live: [SubmissionPlan.Live] = []
      if generator.next() % 2 == 0 {
        let tasks = StepTasks(step, shardsPerTask: 1 + Int(generator.next() % 4))
        let indices = (0..<tasks.count).filter { _ in generator.next() % 2 == 0 }
        live = [.init(job(1, "x", each: tasks.shardsPerTask), id: "1", indices: indices)]
      }
      let plan = SubmissionPlan(
        [.init(step, missing: missing, shardsPerTask: each)], live: live, maxArraySize: size)
      var made: [Int: Int] = [:]
      for entry in live {
        let tasks = StepTasks(step, shardsPerTask: entry.job.shardsPerTask)
        for shard in entry.indices.flatMap({ Array(tasks.shards($0) ?? 0...0) }) {
          made[shard, default: 0] += 1
        }
      }
      for array in plan.arrays {
        #expect(array.indices.allSatisfy { (0..<size).contains($0) })
        let tasks = StepTasks(step, shardsPerTask: array.shardsPerTask)
        for index in array.indices {
          for shard in tasks.shards(array.firstTask + index) ?? 0...0 {
            made[shard, default: 0] += 1
          }
        }
      }
      for shard in missing { #expect(made[shard] == 1) }
    }
  }
}
