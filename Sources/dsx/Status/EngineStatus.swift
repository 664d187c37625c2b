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
  /// Whether something may still be at work; nil when that is not known.
  private var isAtWork: Bool?

  init(_ path: String) {
    do throws(DSXError) {
      guard let jobs = try SubmitFolder(of: path).jobs() else { return }
      if let local = jobs.local {
        isAtWork = local.isHere ? local.isAlive : nil
        if local.isAlive { lines.append("process \(local.pid) makes it on this machine") }
        if !local.isHere { lines.append("process \(local.pid) on \(local.host) may be making it") }
      }
      guard !jobs.jobs.isEmpty else { return }
      guard Slurm.isInstalled else {
        warning =
          "sbatch was not found in PATH: the states of its \(jobs.jobs.count) jobs are unknown"
        return
      }
      let queue = SlurmQueue(jobs, try Slurm().tasks(named: jobs.jobs.map(\.name)))
      lines += queue.lines
      json = queue.json
      isAtWork = !queue.live.isEmpty
    } catch {
      warning = error.message + (error.underlying.map { ": " + $0 } ?? "")
    }
  }

  /// Whether a job that was submitted has ended without finishing all parts.
  func isOver(_ status: WorkStatus) -> Bool {
    isAtWork == false && status.steps.allSatisfy(\.running.isEmpty)
  }
}
