internal import DSXCore
internal import Jobs

/// `dsx submit --engine local`: every step in processes here, then the merging.
struct LocalSubmission {
  private let job: PlannedJob
  private let steps: SubmittedSteps
  private let tasks: SubmitTaskArguments

  init(_ job: PlannedJob, _ steps: SubmittedSteps, _ tasks: SubmitTaskArguments) {
    self.job = job
    self.steps = steps
    self.tasks = tasks
  }

  func run(dryRun: Bool, format: SubmitCommand.Format) throws {
    let processes = tasks.maxRunning ?? max(1, ShardRunner.cores / tasks.cpus)
    if dryRun {
      if format == .json { return show(isFinished: false, processes, result: nil) }
      for step in steps.steps { Output.line(steps.text(step, queued: 0)) }
      Output.line("merge: when all are there")
      return Output.line("\(processes) tasks at a time, \(tasks.cpus) workers each")
    }
    try job.folder.make()
    let lock = try job.folder.lock()
    defer { lock.release() }
    if Slurm.isInstalled { try Self.requireEnded(job, try Slurm()) }
    var jobs = try Self.record(job)
    jobs.local = .current
    let engine = LocalEngine(
      processes: processes, program: tasks.program, workers: tasks.cpus,
      policy: RetryPolicy(retries: tasks.retries))
    let progress = StderrProgress()
    defer { progress.finish() }
    for step in steps.steps {
      let dealt = StepTasks(step.step, shardsPerTask: step.shardsPerTask)
      let numbers = dealt.tasks(step.missing)
      guard !numbers.isEmpty else { continue }
      progress.finish()
      Output.message("dsx: " + steps.text(step, queued: 0))
      jobs.last += 1
      try job.folder.write(jobs)
      let failed = try engine.run(
        job.work, dealt, numbers, folder: job.folder, number: jobs.last, progress: progress)
      guard failed.isEmpty else {
        progress.finish()
        throw try failure(dealt, failed, number: jobs.last)
      }
    }
    progress.finish()
    try merge(&jobs, processes, format)
  }

  /// What was made, or would be, for programs; `result`: what merging says of its output.
  private func show(isFinished: Bool, _ processes: Int, result: JSONValue?) {
    var members: [JSONValue.Member] = [
      .init("finished", .bool(isFinished)), .init("work", .string(job.work.path)),
      .init("processes", .int(Int64(processes))), .init("workers", .int(Int64(tasks.cpus))),
      .init("steps", steps.json),
    ]
    if let result { members.append(.init("result", result)) }
    Output.line(JSONValue.object(members).text(.indented))
  }

  /// Merges in a process whose output is this one's.
  private func merge(
    _ jobs: inout SubmittedJobs, _ processes: Int, _ format: SubmitCommand.Format
  ) throws {
    try job.folder.write(jobs)
    let runner = try ShardRunner(
      job.work, program: tasks.program, workers: tasks.cpus,
      policy: RetryPolicy(retries: tasks.retries)
    ) { Output.message("dsx: " + $0) }
    let failure: ShardRunner.Failure?
    var result: JSONValue?
    switch format {
    case .text: failure = try runner.merge()
    case .json:
      let merged = try runner.mergeForJSON()
      failure = merged.failure
      result = merged.result
    }
    jobs.local = nil
    try job.folder.write(jobs)
    if format == .json {
      // An output of which something failed is there nevertheless, and its work folder is not.
      let isFinished = failure == nil || (try? WorkFolder.find(job.work.path)) == nil
      show(isFinished: isFinished, processes, result: result)
    }
    if let failure { throw ShardsRun.error(failure, 1, job.work.path) }
  }

  /// The record of this job; numbers go on from those of an earlier plan.
  static func record(_ job: PlannedJob) throws(DSXError) -> SubmittedJobs {
    let id = job.work.work.id
    guard let jobs = try job.folder.jobs() else {
      return SubmittedJobs(id: id, work: job.work.path)
    }
    if jobs.id == id, jobs.work == job.work.path { return jobs }
    return SubmittedJobs(id: id, work: job.work.path, last: jobs.last)
  }

  /// Throws `outputExists` while jobs of an earlier plan or of another place of this work folder are in
  /// Slurm's queue: their record is about to be replaced, and then nobody could cancel them.
  static func requireEnded(_ job: PlannedJob, _ slurm: Slurm) throws(DSXError) {
    guard let earlier = try job.folder.jobs(), !earlier.jobs.isEmpty,
      earlier.id != job.work.work.id || earlier.work != job.work.path
    else { return }
    let tasks = try slurm.tasks(named: earlier.jobs.map(\.name))
    guard SlurmQueue(earlier, tasks).live.isEmpty else {
      throw DSXError(
        .outputExists, "jobs of an earlier plan of this output are in the queue",
        file: job.folder.path,
        hint: "'dsx cancel \(ShellWord.quoted(job.work.path))' cancels them")
    }
  }

  /// Which shards failed, with the reason of the first.
  private func failure(_ dealt: StepTasks, _ failed: [Int], number: Int) throws(DSXError)
    -> DSXError
  {
    let missing = try job.work.missing(dealt.step)
    var why: String?
    for shard in missing where why == nil {
      if case .failed(let text) = try job.work.state(dealt.step, shard) {
        why = "shard \(shard): " + text
      }
    }
    let log = LocalEngine.log(job.folder, number, dealt.step, failed[0])
    return DSXError(
      .incomplete,
      "shards \(ShardNumbers.text(missing)) of step \(dealt.step.name) were not made",
      file: job.work.path, hint: "the log of the first is \(log); the same command makes the rest",
      underlying: why)
  }
}
