public import DSXCore
internal import Glibc

/// Makes a job in processes on this machine, as Slurm would on many: the same commands, tasks and retries.
public struct LocalEngine: Sendable {
  /// How many tasks run at a time.
  public var processes: Int
  /// This dsx.
  public var program: String
  /// Workers of a task.
  public var workers: Int
  /// Attempts.
  public var policy: RetryPolicy

  /// An engine.
  public init(processes: Int, program: String, workers: Int, policy: RetryPolicy) {
    self.processes = max(1, processes)
    self.program = program
    self.workers = workers
    self.policy = policy
  }

  /// A task under way.
  private struct Running {
    var task: Int
    var attempt: Int
    var child: ChildProcess
  }

  /// Runs the tasks of a step that have missing shards; returns those that could not be done.
  ///
  /// A task that dies by a signal is started again, as often as the policy says. `number`: that of its
  /// logs. Throws `io` when no process can be started.
  public func run(
    _ work: WorkFolder, _ tasks: StepTasks, _ numbers: [Int], folder: SubmitFolder, number: Int,
    progress: any ProgressSink
  ) throws(DSXError) -> [Int] {
    // Its other end closes when this process dies, however it does: the tasks then end themselves.
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw DSXError.system("cannot make a pipe", file: "") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { for end in ends { close(end) } }
    var waiting = numbers.map { (task: $0, attempt: 0, notBefore: 0.0) }
    var running: [Running] = []
    var failed: [Int] = []
    var done = 0
    defer { for entry in running { entry.child.send(SIGTERM) } }
    while !waiting.isEmpty || !running.isEmpty {
      var rest: [Running] = []
      for entry in running {
        guard let ending = entry.child.poll() else {
          rest.append(entry)
          continue
        }
        if ending.isSuccess {
          done += 1
        } else if case .signalled = ending,
          let pause = policy.pause(after: entry.attempt, spread: 0)
        {
          waiting.insert((entry.task, entry.attempt + 1, Self.seconds() + pause), at: 0)
        } else {
          failed.append(entry.task)
        }
      }
      running = rest
      let now = Self.seconds()
      while running.count < processes, let next = waiting.firstIndex(where: { $0.notBefore <= now })
      {
        let entry = waiting.remove(at: next)
        let child = try start(work, tasks, entry.task, folder, number, stdin: ends[0])
        running.append(Running(task: entry.task, attempt: entry.attempt, child: child))
      }
      progress.report(
        Progress(phase: tasks.step.name, done: done, total: numbers.count, unit: "tasks"))
      usleep(20_000)
    }
    return failed.sorted()
  }

  private func start(
    _ work: WorkFolder, _ tasks: StepTasks, _ task: Int, _ folder: SubmitFolder, _ number: Int,
    stdin: Int32
  ) throws(DSXError) -> ChildProcess {
    let log = Self.log(folder, number, tasks.step, task)
    let words = [
      program, "shards", "run", "--step", tasks.step.name, "--tasks", "\(task)",
      "--shards-per-task", "\(tasks.shardsPerTask)", "--workers", "\(workers)", "--retries",
      "\(policy.retries)", "--end-with-stdin", work.path,
    ]
    return try ChildProcess(
      words, input: .descriptor(stdin), output: .append(log), errors: .append(log))
  }

  /// Where a task's output goes.
  public static func log(_ folder: SubmitFolder, _ number: Int, _ step: WorkStep, _ task: Int)
    -> String
  {
    FilePath.join(folder.logsPath, SlurmScript.stem(number, step.name) + "-\(task).log")
  }

  private static func seconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
