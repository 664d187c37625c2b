public import DSXCore
internal import Glibc

/// Makes parts by running the job's own `run` command in processes, again where that can help: what a
/// task of every engine does.
public struct ShardRunner: Sendable {
  /// What it tells while it works, one line each.
  public typealias Tell = @Sendable (String) -> Void

  /// The work folder.
  public let work: WorkFolder
  let commands: JobCommands
  let program: String
  let workers: Int?
  let policy: RetryPolicy
  let tell: Tell

  /// A runner. `program`: this dsx.
  public init(
    _ work: WorkFolder, program: String, workers: Int?, policy: RetryPolicy, tell: @escaping Tell
  ) throws(DSXError) {
    self.work = work
    commands = try JobCommands.of(work.work.plan.kind)
    self.program = program
    self.workers = workers
    self.policy = policy
    self.tell = tell
  }

  /// How a task ended that could not be done.
  public struct Failure: Sendable {
    /// What was to be made.
    public var what: String
    /// How the last attempt ended.
    public var ending: ChildProcess.Ending

    /// The exit code that says it: the child's own where it is one of dsx's.
    public var exitCode: ExitCode {
      guard case .exited(let code) = ending, let known = ExitCode(rawValue: code), known != .ok
      else { return .incomplete }
      return known
    }
  }

  /// Makes a task's shards of a step; nil when they are all there at the end.
  public func run(_ step: WorkStep, _ shards: ClosedRange<Int>) throws(DSXError) -> Failure? {
    let what = Self.name(step, shards)
    let before = try missing(step, shards)
    guard !before.isEmpty else {
      tell("\(what): finished already")
      return nil
    }
    let began = Self.seconds()
    let words = [program] + commands.run(work.path, step: step.name, shards, workers: workers)
    let failure = try attempts(
      what,
      look: { () throws(DSXError) -> WorkView in try WorkView(work, step, shards) },
      isDone: { $0.missing.isEmpty },
      launch: { () throws(DSXError) -> ChildProcess.Ending in try ChildProcess(words).wait() })
    let made = try before.count - missing(step, shards).count
    if made > 0 {
      TaskTimes.add(
        to: SubmitFolder(of: work.path).timesPath, step: step.name, shards: made,
        seconds: Self.seconds() - began, workers: workers ?? Self.cores)
    }
    return failure
  }

  /// Makes the output of the parts; nil when it is there at the end.
  public func merge() throws(DSXError) -> Failure? {
    let words = [program] + commands.merge(work.path, workers: workers)
    return try merge { () throws(DSXError) -> ChildProcess.Ending in
      try ChildProcess(words).wait()
    }
  }

  /// The same, with what the job's command says of its output instead of printing it; null when that is
  /// no JSON.
  public func mergeForJSON() throws(DSXError) -> (failure: Failure?, result: JSONValue) {
    let words = [program] + commands.merge(work.path, workers: workers, json: true)
    var output = ""
    let failure = try merge { () throws(DSXError) -> ChildProcess.Ending in
      let run = try CapturedRun(words, seconds: nil, keepsErrors: false)
      output = run.output
      return run.ending
    }
    return (failure, (try? JSONParser.parse(output)) ?? .null)
  }

  private func merge(
    launch: () throws(DSXError) -> ChildProcess.Ending
  ) throws(DSXError) -> Failure? {
    try attempts(
      "the merging",
      look: { () throws(DSXError) -> WorkView in try WorkView(merging: work) },
      isDone: { _ in false }, launch: launch)
  }

  /// Launches a command until it succeeds or its work is done, or another attempt cannot help.
  private func attempts(
    _ what: String, look: () throws(DSXError) -> WorkView, isDone: (WorkView) -> Bool,
    launch: () throws(DSXError) -> ChildProcess.Ending
  ) throws(DSXError) -> Failure? {
    var attempt = 0
    while true {
      let before = try look()
      let ending = try launch()
      guard !ending.isSuccess else { return nil }
      let now = try look()
      guard !isDone(now) else {
        tell("\(what): ended by \(ending.description); all parts are there")
        return nil
      }
      let mayChange = now.mayChange(ending, since: before)
      guard RetryPolicy.isRetryable(ending, isBusy: mayChange) else {
        tell("\(what): ended by \(ending.description); trying again would not help")
        return Failure(what: what, ending: ending)
      }
      let spread = Double(UInt64.random(in: 0...1000)) / 1000
      guard let pause = policy.pause(after: attempt, spread: spread) else {
        tell("\(what): ended by \(ending.description), attempt \(attempt + 1), the last")
        return Failure(what: what, ending: ending)
      }
      attempt += 1
      tell(
        "\(what): ended by \(ending.description); attempt \(attempt + 1) of \(policy.retries + 1) in "
          + TaskPacking.duration(pause))
      usleep(UInt32(pause * 1e6))
    }
  }

  private func missing(_ step: WorkStep, _ shards: ClosedRange<Int>) throws(DSXError) -> [Int] {
    var missing: [Int] = []
    for shard in shards where try work.manifest(step, shard) == nil { missing.append(shard) }
    return missing
  }

  private static func name(_ step: WorkStep, _ shards: ClosedRange<Int>) -> String {
    shards.count == 1
      ? "shard \(shards.lowerBound) of step \(step.name)"
      : "shards \(shards.lowerBound)-\(shards.upperBound) of step \(step.name)"
  }

  /// Cores of this machine.
  public static var cores: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

  private static func seconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
