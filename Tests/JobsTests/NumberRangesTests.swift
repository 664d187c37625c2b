import DSXCore
import Testing

@testable import Jobs

@Suite struct NumberRangesTests {
  @Test func areShortAndReadBack() throws {
    #expect(NumberRanges.text([0, 1, 2, 3, 7, 9, 10]) == "0-3,7,9-10")
    #expect(NumberRanges.text([]) == "")
    #expect(NumberRanges.text([5]) == "5")
    #expect(try NumberRanges.parse("0-3,7,9-10") == [0, 1, 2, 3, 7, 9, 10])
    #expect(try NumberRanges.parse("0-9:3,4") == [0, 3, 4, 6, 9])
    #expect(try NumberRanges.parse("3,1,1-2") == [1, 2, 3])
  }

  @Test func anyNumbersAreReadBack() throws {
    var generator = PCG64(seed: 9)
    for _ in 0..<200 {
      var numbers: Set<Int> = []
      for _ in 0..<Int(generator.next() % 40) { numbers.insert(Int(generator.next() % 60)) }
      let sorted = numbers.sorted()
      guard !sorted.isEmpty else { continue }
      #expect(try NumberRanges.parse(NumberRanges.text(sorted)) == sorted)
    }
  }

  @Test(arguments: [
    "", ",", "1,", "-1", "1-", "3-1", "1-2-3", "1:2:3", "1-4:0", "a", "1 2", "99999999999999999999",
    "16777216", "+1", "１",
  ])
  func refusesOtherTexts(_ text: String) {
    #expect(throws: DSXError.self) { try NumberRanges.parse(text) }
  }

  @Test func wordsForPeopleEnd() {
    let odd = (0..<100).map { $0 * 2 }
    #expect(ShardNumbers.text(odd).hasPrefix("0, 2, 4, "))
    #expect(ShardNumbers.text(odd).hasSuffix("38, ..."))
    #expect(ShardNumbers.text([1, 2, 3, 9]) == "1-3, 9")
  }
}

@Suite struct StepTasksTests {
  @Test func dealsEveryShardOnce() {
    for shards in [1, 2, 7, 8, 100] {
      for each in [1, 2, 3, 7, 8, 99, 1000] {
        let tasks = StepTasks(WorkStep("x", shards: shards), shardsPerTask: each)
        let all = (0..<tasks.count).flatMap { Array(tasks.shards($0) ?? 0...0) }
        #expect(all == Array(0..<shards))
        #expect(tasks.shards(tasks.count) == nil)
        #expect(tasks.shards(-1) == nil)
        #expect(tasks.tasks(Array(0..<shards)) == Array(0..<tasks.count))
      }
    }
    let tasks = StepTasks(WorkStep("x", shards: 10), shardsPerTask: 4)
    #expect(tasks.tasks([0, 3, 9]) == [0, 2])
  }
}

@Suite struct TaskPackingTests {
  private func packing(
    _ shards: Int = 1000, given: Int? = nil, measured: (Double, Int)? = nil, bytes: Int? = nil,
    rate: Double? = nil, cores: Int = 1, minutes: Int = 20, limit: Int? = nil
  ) -> TaskPacking {
    TaskPacking(
      WorkStep("x", shards: shards), given: given,
      measured: measured.map { (seconds: $0.0, shards: $0.1) }, shardBytes: bytes, rate: rate,
      cores: cores, minutes: minutes, limit: limit)
  }

  @Test func fillsTheTime() {
    #expect(packing(measured: (12, 30)).shardsPerTask == 100)
    #expect(packing(measured: (12, 30)).basis == .measured(shards: 30))
    // 256 MiB at 20 MB/s and core on 4 cores: 3.4 s.
    #expect(packing(bytes: 1 << 28, rate: 20e6, cores: 4).shardsPerTask == 357)
    #expect(packing().shardsPerTask == 20)
    #expect(packing(minutes: 10).shardsPerTask == 10)
  }

  @Test func measuredGoesBeforeRateAndGivenBeforeAll() {
    #expect(packing(measured: (600, 1), bytes: 1, rate: 1).shardsPerTask == 2)
    #expect(packing(given: 7, measured: (600, 1)).shardsPerTask == 7)
    #expect(packing(given: 7).secondsPerShard == nil)
    #expect(packing(5, given: 7).shardsPerTask == 5)
  }

  @Test func staysWithinTheStepTheLimitAndAtLeastOne() {
    #expect(packing(8, measured: (0.001, 8)).shardsPerTask == 8)
    #expect(packing(measured: (7200, 3)).shardsPerTask == 1)
    #expect(packing(measured: (10, 3), limit: 600).shardsPerTask == 30)
    #expect(packing(measured: (.nan, 3)).basis == .assumed)
    #expect(packing(bytes: 0, rate: 20e6).basis == .assumed)
  }

  @Test func saysWhatItIsMadeOf() {
    #expect(
      packing(measured: (12, 30)).text
        == "100 shards a task, about 20 min (12 s a shard, as 30 finished ones took)")
    #expect(packing(given: 1).text == "1 shard a task")
    #expect(packing().text.contains("a guess"))
    #expect(TaskPacking.duration(0.44) == "0.4 s")
    #expect(TaskPacking.duration(95) == "95 s")
    #expect(TaskPacking.duration(12_600) == "3.5 h")
    #expect(TaskPacking.duration(.infinity) == "an unknown time")
  }
}

@Suite struct RetryPolicyTests {
  @Test func onlyWhatCanHelpIsTriedAgain() {
    for code in [0, 1, 2, 3, 4, 5, 7, 100] as [Int32] {
      #expect(!RetryPolicy.isRetryable(.exited(code), isBusy: false))
    }
    #expect(RetryPolicy.isRetryable(.exited(6), isBusy: false))
    #expect(RetryPolicy.isRetryable(.exited(143), isBusy: false))
    #expect(RetryPolicy.isRetryable(.signalled(9), isBusy: false))
    #expect(RetryPolicy.isRetryable(.exited(5), isBusy: true))
    #expect(RetryPolicy.isRetryable(.exited(2), isBusy: true))
    #expect(!RetryPolicy.isRetryable(.exited(3), isBusy: true))
  }

  @Test func pausesGrowAndEnd() {
    let policy = RetryPolicy(retries: 3)
    #expect((0..<4).map { policy.pause(after: $0, spread: 0) } == [5, 20, 80, nil])
    #expect(policy.pause(after: 0, spread: 1) == 6.25)
    #expect(RetryPolicy(retries: 0).pause(after: 0, spread: 0) == nil)
    #expect(RetryPolicy(retries: 99).pause(after: 90, spread: 0) == 900)
  }
}

@Suite struct PaceTests {
  @Test func isOfTheLastParts() {
    #expect(Pace([]).secondsPerPart == nil)
    #expect(Pace([5]).secondsPerPart == nil)
    #expect(Pace([10, 0, 20]).secondsPerPart == 10)
    // Yesterday's parts, then a night, then today's.
    let times = (0..<10).map { Double($0) } + (0..<5).map { 40_000 + Double($0) * 2 }
    #expect(Pace(times).secondsPerPart == 2)
    #expect(Pace((0..<1000).map { Double($0) }).secondsPerPart == 1)
  }
}
