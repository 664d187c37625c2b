internal import DSXCore
internal import Jobs

/// What engines say of a job, as far as they answer: `dsx status` needs none of them.
struct EngineStatus {
  /// Lines for people.
  private(set) var lines: [String] = []
  /// The tasks in Slurm's queue, for programs; nil when nothing was submitted.
  private(set) var json: JSONValue?
  /// What could not be asked.
  private(set) var warning: String?
  /// Whether an engine says that something is at work.
  private var isAtWork = false
  /// Whether jobs may be in a queue that does not answer.
  private var mayBeQueued = false

  init(_ path: String) {
    do throws(DSXError) {
      guard let jobs = try SubmitFolder(of: path).jobs() else { return }
      if let local = jobs.local {
        isAtWork = local.isHere && local.isAlive
        if local.isAlive { lines.append("process \(local.pid) makes it on this machine") }
        if !local.isHere { lines.append("process \(local.pid) on \(local.host) may be making it") }
      }
      guard !jobs.jobs.isEmpty else { return }
      mayBeQueued = true
      guard Slurm.isInstalled else {
        warning =
          "sbatch was not found in PATH: the states of its \(jobs.jobs.count) jobs are unknown"
        return
      }
      let queue = SlurmQueue(jobs, try Slurm().tasks(named: jobs.jobs.map(\.name)))
      lines += queue.lines
      json = queue.json
      mayBeQueued = false
      isAtWork = isAtWork || !queue.live.isEmpty
    } catch {
      warning = error.message + (error.underlying.map { ": " + $0 } ?? "")
    }
  }

  /// Whether nothing is at work any more, as far as engines and the locks of the work folder tell it. Jobs
  /// in a queue that does not answer may begin at any time.
  func isOver(_ status: WorkStatus, _ path: String) -> Bool {
    !isAtWork && !mayBeQueued && status.steps.allSatisfy(\.running.isEmpty)
      && (try? WorkFolder(job: path))?.isInUse != true
  }
}
