internal import DSXCore
internal import Jobs

/// `dsx submit --engine slurm`: arrays of tasks, and a job that merges.
struct SlurmSubmission {
  private let job: PlannedJob
  private var steps: SubmittedSteps
  private let options: SlurmOptions
  private let tasks: SubmitTaskArguments

  init(
    _ job: PlannedJob, _ steps: SubmittedSteps, _ options: SlurmOptions,
    _ tasks: SubmitTaskArguments
  ) {
    self.job = job
    self.steps = steps
    self.options = options
    self.tasks = tasks
  }

  mutating func run(dryRun: Bool, format: SubmitCommand.Format) throws {
    // Without a cluster a dry run shows what one with Slurm's own limits would get.
    let slurm = dryRun && !Slurm.isInstalled ? nil : try Slurm(options)
    let config = try slurm.map { (slurm) throws(DSXError) in try slurm.config() } ?? SlurmConfig()
    if let partition = options.partition { try slurm?.check(partition: partition) }
    if dryRun {
      return try dry(slurm, config, format)
    }
    guard let slurm else { return }
    try job.folder.make()
    let lock = try job.folder.lock()
    defer { lock.release() }
    var jobs = try record(slurm)
    // In this order: a task that ends in between has left its parts.
    let live = SlurmQueue(jobs, try slurm.tasks(named: jobs.jobs.map(\.name))).live
    try steps.refresh(job.work)
    let plan = SubmissionPlan(steps.steps, live: live, maxArraySize: config.maxArraySize)
    for step in steps.steps {
      Output.message("dsx: " + steps.text(step, queued: plan.queued[step.step.name] ?? 0))
    }
    try slurm.cancel(plan.cancelled)
    let first = jobs.jobs.count
    do throws(DSXError) {
      try submit(plan, &jobs, slurm)
    } catch {
      guard jobs.jobs.count > first else { throw error }
      var told = error
      told.hint =
        (told.hint.map { $0 + "; " } ?? "")
        + "what was submitted before is in the queue; the same command submits the rest"
      throw told
    }
    show(plan, Array(jobs.jobs[first...]), format)
  }

  /// The record of this job, with the numbers of jobs that a dsx which died did not write down.
  private func record(_ slurm: Slurm) throws(DSXError) -> SubmittedJobs {
    try LocalSubmission.requireEnded(job, slurm)
    var jobs = try LocalSubmission.record(job)
    if let local = jobs.local, local.isAlive {
      throw DSXError(
        .outputExists, "process \(local.pid) makes this job on this machine",
        file: job.folder.path, hint: "wait for it, or end it with 'dsx cancel'")
    }
    jobs.local = nil
    let found = try slurm.tasks(named: jobs.jobs.map(\.name))
    for index in jobs.jobs.indices where jobs.jobs[index].id == nil {
      jobs.jobs[index].id = found.first { $0.name == jobs.jobs[index].name }?.job
    }
    // What the queue has forgotten has ended long ago; without a number it was never handed over.
    let known = Set(found.map(\.name))
    jobs.jobs.removeAll { $0.id == nil || !known.contains($0.name) }
    return jobs
  }

  private func submit(_ plan: SubmissionPlan, _ jobs: inout SubmittedJobs, _ slurm: Slurm)
    throws(DSXError)
  {
    var all: [String] = []
    // The jobs submitted now for the step before, and for this one.
    var (before, now): ([String], [String]) = ([], [])
    var step: WorkStep?
    for array in plan.arrays {
      if step != array.step {
        (before, now) = (now, [])
        step = array.step
      }
      // Slurm's limit is one of each array: with --max-running they come one after the other.
      let chained = options.maxRunning == nil ? [] : Array(now.suffix(1))
      let id = try hand(over: array, &jobs, slurm, after: array.after + before + chained)
      now.append(id)
      all.append(id)
    }
    if plan.merges { _ = try hand(over: nil, &jobs, slurm, after: plan.mergesAfter + all) }
  }

  /// Writes the script and the record, submits, and completes the record: whatever happens in between, the
  /// next dsx finds the job by its name.
  private func hand(
    over array: SubmissionPlan.TaskArray?, _ jobs: inout SubmittedJobs, _ slurm: Slurm,
    after ids: [String]
  ) throws(DSXError) -> String {
    jobs.last += 1
    var new = described(array, number: jobs.last, prefix: jobs.namePrefix)
    try job.folder.write(script: script(new, array), name: new.script)
    jobs.jobs.append(new)
    try job.folder.write(jobs)
    do throws(DSXError) {
      new.id = try slurm.submit(new.script, in: job.folder.path, after: ids)
    } catch {
      // Only a refusal says that there is no job. When the answer was lost it may be in the queue: it stays
      // written down without a number, and the next dsx looks for its name.
      if error.code == .usage {
        jobs.jobs.removeLast()
        try? job.folder.write(jobs)
      }
      throw error
    }
    jobs.jobs[jobs.jobs.count - 1] = new
    try job.folder.write(jobs)
    return new.id ?? ""
  }

  private func described(
    _ array: SubmissionPlan.TaskArray?, number: Int, prefix: String
  ) -> SubmittedJob {
    let stem = SlurmScript.stem(number, array?.step.name)
    return SubmittedJob(
      number: number, name: prefix + "-" + stem, step: array?.step.name,
      shardsPerTask: array?.shardsPerTask ?? 1, firstTask: array?.firstTask ?? 0,
      indices: array.map { NumberRanges.text($0.indices) } ?? "", script: stem + ".sbatch")
  }

  private func script(_ new: SubmittedJob, _ array: SubmissionPlan.TaskArray?) -> String {
    var title = "dsx \(Version.current), \(job.work.work.plan.kind): "
    title +=
      array.map { "\($0.shards) of \($0.step.shards) shards of a step" }
      ?? "the merging of all parts"
    return SlurmScript(
      job: new, work: job.work.path, program: tasks.program, options: options,
      retries: tasks.retries, variables: SubmitTaskArguments.variables, title: title
    ).text
  }

  /// Prints every script; asks Slurm whether it would take them.
  private func dry(_ slurm: Slurm?, _ config: SlurmConfig, _ format: SubmitCommand.Format) throws {
    var jobs = try LocalSubmission.record(job)
    let live = try slurm.map { (slurm) throws(DSXError) in
      SlurmQueue(jobs, try slurm.tasks(named: jobs.jobs.map(\.name))).live
    }
    let plan = SubmissionPlan(
      steps.steps, live: live ?? [], maxArraySize: config.maxArraySize)
    if slurm == nil {
      Output.message("dsx: sbatch was not found in PATH: the scripts were not tested")
    }
    for step in steps.steps {
      Output.message("dsx: " + steps.text(step, queued: plan.queued[step.step.name] ?? 0))
    }
    if format == .text { for id in plan.cancelled { Output.line("# scancel \(id)") } }
    var described: [JSONValue] = []
    let arrays = plan.arrays.map { Optional($0) } + (plan.merges ? [nil] : [])
    for array in arrays {
      jobs.last += 1
      let new = self.described(array, number: jobs.last, prefix: jobs.namePrefix)
      let text = script(new, array)
      described.append(json(new, text: text))
      if format == .text {
        Output.line("# cd \(ShellWord.quoted(job.folder.path)) && sbatch \(new.script)")
        Output.line(text)
      }
      if let slurm { Output.message("dsx: \(new.script): " + (try slurm.test(text))) }
    }
    if plan.isEmpty { Output.message("dsx: everything is in the queue already") }
    if format == .json { Output.line(json(plan, described).text(.indented)) }
  }

  /// One job for programs; `text`: its script, in a dry run.
  private func json(_ new: SubmittedJob, text: String? = nil) -> JSONValue {
    var members: [JSONValue.Member] = [
      .init("id", new.id.map { .string($0) } ?? .null),
      .init("step", new.step.map { .string($0) } ?? .null),
      .init("shards_per_task", .int(Int64(new.shardsPerTask))),
      .init("first_task", .int(Int64(new.firstTask))), .init("indices", .string(new.indices)),
      .init("script", .string(FilePath.join(job.folder.path, new.script))),
    ]
    if let text { members.append(.init("text", .string(text))) }
    return .object(members)
  }

  private func json(_ plan: SubmissionPlan, _ jobs: [JSONValue]) -> JSONValue {
    [
      "finished": false, "work": .string(job.work.path),
      "cancelled": .array(plan.cancelled.map { .string($0) }), "jobs": .array(jobs),
      "queued_shards": .int(Int64(plan.queued.values.reduce(0, +))),
    ]
  }

  private func show(
    _ plan: SubmissionPlan, _ new: [SubmittedJob], _ format: SubmitCommand.Format
  ) {
    if format == .json {
      return Output.line(json(plan, new.map { json($0) }).text(.indented))
    }
    for id in plan.cancelled { Output.line("job \(id): cancelled, it comes again behind new jobs") }
    for job in new {
      let what = job.step.map { step in
        "\(step), tasks \(job.indices)" + (job.firstTask > 0 ? " from \(job.firstTask) on" : "")
      }
      Output.line("job \(job.id ?? ""): " + (what ?? "merge"))
    }
    Output.message(
      plan.isEmpty
        ? "dsx: everything that is missing is in the queue already"
        : "dsx: 'dsx status \(ShellWord.quoted(job.work.path))' shows how far it is")
  }
}
