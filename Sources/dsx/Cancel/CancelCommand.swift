internal import ArgumentParser
internal import DSXCore
internal import Glibc
internal import Jobs

/// `dsx cancel`: ends what `dsx submit` launched for one job.
struct CancelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cancel",
    abstract: "End the jobs that 'dsx submit' launched for an output, and no others.",
    discussion: """
      Cancels its jobs in Slurm's queue, or ends the process that makes it on
      this machine. Finished parts stay: 'dsx submit' goes on from there.

      Example:
        dsx cancel out.mindrecord
      """)

  @Argument(help: "An output, or its work folder.")
  var path: String

  func run() throws {
    let folder = SubmitFolder(of: path)
    guard var jobs = try folder.jobs() else {
      throw DSXError(
        .usage, "nothing was submitted for this output", file: path,
        hint: "'dsx submit' keeps its record in \(folder.path)")
    }
    var ended = false
    var seen: SubmittedJobs?
    // Whoever submits at this moment writes each job down before it is handed over: look until he is done.
    for _ in 0..<600 {
      let lock = try free(folder)
      defer { lock?.release() }
      jobs = try folder.jobs() ?? jobs
      if jobs != seen {
        seen = jobs
        ended = try local(jobs) || ended
        if !jobs.jobs.isEmpty { ended = try slurm(jobs) || ended }
      }
      let isElsewhere = jobs.local.map { !$0.isHere } ?? false
      if lock != nil || isElsewhere {
        if !ended { Output.message("dsx: none of its jobs is running or waiting") }
        return
      }
      usleep(100_000)
    }
    throw DSXError(
      .outputExists, "another dsx submits this job, for a minute now", file: folder.path,
      hint: "what it has submitted so far was cancelled; cancel again when it has ended")
  }

  /// The lock of those who submit; nil while one has it.
  private func free(_ folder: SubmitFolder) throws(DSXError) -> SubmitLock? {
    do throws(DSXError) {
      return try folder.lock()
    } catch {
      guard error.code == .outputExists else { throw error }
      return nil
    }
  }

  /// Ends the process that makes the job here; whether there was one.
  private func local(_ jobs: SubmittedJobs) throws(DSXError) -> Bool {
    guard let process = jobs.local else { return false }
    guard process.isHere else {
      Output.message(
        "dsx: process \(process.pid) on \(process.host) may be making it: cancel it there")
      return false
    }
    guard process.isAlive else { return false }
    process.terminate()
    for _ in 0..<300 where process.isAlive { usleep(100_000) }
    guard !process.isAlive else {
      throw DSXError(.io, "process \(process.pid) has not ended within 30 s")
    }
    Output.line("process \(process.pid): ended")
    return true
  }

  /// Cancels jobs in the queue and waits until they are gone; whether there were any.
  private func slurm(_ jobs: SubmittedJobs) throws(DSXError) -> Bool {
    let slurm = try Slurm()
    let names = jobs.jobs.map(\.name)
    let live = SlurmQueue(jobs, try slurm.tasks(named: names)).live
    guard !live.isEmpty else { return false }
    try slurm.cancel(live.map(\.id))
    for _ in 0..<120 {
      guard !SlurmQueue(jobs, try slurm.tasks(named: names)).live.isEmpty else { break }
      usleep(250_000)
    }
    for job in live {
      Output.line("job \(job.id): cancelled (\(job.job.step ?? "merge"))")
    }
    return true
  }
}
