internal import DSXCore
internal import Jobs

/// The steps of a job with what is missing, and how it is dealt to tasks.
struct SubmittedSteps {
  /// The steps, in order.
  private(set) var steps: [SubmissionPlan.Step]
  /// How the number of shards of a task was chosen, by step.
  let packing: [String: TaskPacking]

  /// Bytes of input a second a core, about, where docs/performance.md has a measured rate; estimates of a
  /// task's length are made of it until shards of the job itself were timed.
  private static let rates = ["prepare": 20e6]

  /// Looks at what is there. `limit`: seconds after which a task is ended.
  init(_ job: PlannedJob, _ tasks: SubmitTaskArguments, limit: Int?) throws(DSXError) {
    let plan = job.work.work.plan
    var steps: [SubmissionPlan.Step] = []
    var packing: [String: TaskPacking] = [:]
    for step in job.work.work.steps {
      let chosen = TaskPacking(
        step, given: tasks.shardsPerTask,
        measured: TaskTimes.secondsPerShard(
          job.folder.timesPath, step: step.name, workers: tasks.cpus),
        shardBytes: step.shards == plan.shards.count
          ? plan.inputs.reduce(0) { $0 + $1.size } / max(1, step.shards) : nil,
        rate: Self.rates[plan.kind], cores: tasks.cpus, minutes: tasks.taskMinutes, limit: limit)
      packing[step.name] = chosen
      steps.append(
        SubmissionPlan.Step(
          step, missing: try job.work.missing(step), shardsPerTask: chosen.shardsPerTask))
    }
    self.steps = steps
    self.packing = packing
  }

  /// Looks again at what is there. Whoever asked a queue what is at work must do so afterwards: what ended
  /// in between has left its parts.
  ///
  /// Throws `incomplete` while the job is being merged: its parts are on their way.
  mutating func refresh(_ work: WorkFolder) throws(DSXError) {
    let isClosed = work.isClosed
    for index in steps.indices { steps[index].missing = try work.missing(steps[index].step) }
    guard isClosed || work.isClosed else { return }
    throw DSXError(
      .incomplete, "the job is being merged, or was just now: nothing was submitted",
      file: work.path, hint: "the same command again says how it ended")
  }

  /// The same for programs: `{"name", "shards", "missing", "shards_per_task", "tasks"}` of each step.
  var json: JSONValue {
    .array(
      steps.map { step in
        let dealt = StepTasks(step.step, shardsPerTask: step.shardsPerTask)
        return [
          "name": .string(step.step.name), "shards": .int(Int64(step.step.shards)),
          "missing": .int(Int64(step.missing.count)),
          "shards_per_task": .int(Int64(dealt.shardsPerTask)),
          "tasks": .string(NumberRanges.text(dealt.tasks(step.missing))),
        ]
      })
  }

  /// What is said of a step before its tasks are launched.
  func text(_ step: SubmissionPlan.Step, queued: Int) -> String {
    let missing = step.missing.count - queued
    var text = "\(step.step.name): \(step.step.shards - step.missing.count) of "
    text += "\(step.step.shards) shards are there"
    if queued > 0 { text += ", \(queued) are in the queue" }
    guard missing > 0, let packing = packing[step.step.name] else { return text }
    return text + "; " + packing.text
  }
}
