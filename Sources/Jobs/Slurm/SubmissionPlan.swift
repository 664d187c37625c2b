internal import DSXCore

/// What is to be submitted, so that everything missing is made and nothing runs twice.
///
/// A step's tasks wait for those of the step before it, however they end, and find out by themselves
/// whether its parts are there. So when an earlier step is submitted (again), what waits for it is
/// cancelled and submitted anew, behind the new jobs.
public struct SubmissionPlan: Sendable {
  /// A step, with the shards that are not finished.
  public struct Step: Sendable {
    /// The step.
    public var step: WorkStep
    /// Its shards without a part, in order.
    public var missing: [Int]
    /// Shards of a task, where no task is in the queue that has another number.
    public var shardsPerTask: Int

    /// A step.
    public init(_ step: WorkStep, missing: [Int], shardsPerTask: Int) {
      self.step = step
      self.missing = missing
      self.shardsPerTask = shardsPerTask
    }
  }

  /// A job of the queue that will run or is running.
  public struct Live: Sendable {
    /// As it was recorded.
    public var job: SubmittedJob
    /// Its number in the queue.
    public var id: String
    /// The array indices that are left of it; empty for the merging.
    public var indices: [Int]

    /// A job.
    public init(_ job: SubmittedJob, id: String, indices: [Int]) {
      self.job = job
      self.id = id
      self.indices = indices
    }
  }

  /// A job to be submitted: an array of tasks.
  public struct TaskArray: Hashable, Sendable {
    /// The step.
    public var step: WorkStep
    /// Shards of a task.
    public var shardsPerTask: Int
    /// The task of array index 0.
    public var firstTask: Int
    /// The array indices, in order.
    public var indices: [Int]
    /// Shards that its tasks are to make.
    public var shards: Int
    /// Jobs of the queue that it waits for; those that are submitted with it come on top.
    public var after: [String]
  }

  /// Jobs to be cancelled before.
  public var cancelled: [String] = []
  /// Arrays to be submitted, in order: each waits for those of the step before it.
  public var arrays: [TaskArray] = []
  /// Whether the merging is to be submitted.
  public var merges = false
  /// Jobs of the queue that the merging waits for.
  public var mergesAfter: [String] = []
  /// Shards that are in the queue already, by step.
  public var queued: [String: Int] = [:]

  /// Plans; `steps` in the order in which they are made. `maxArraySize`: the cluster's.
  public init(_ steps: [Step], live: [Live], maxArraySize: Int) {
    var isNew = false
    var before: [String] = []
    for entry in steps {
      var waiting = live.filter { $0.job.step == entry.step.name }
      if isNew {
        cancelled += waiting.map(\.id)
        waiting = []
      }
      var covered: Set<Int> = []
      for live in waiting {
        let tasks = StepTasks(entry.step, shardsPerTask: live.job.shardsPerTask)
        for index in live.indices {
          if let shards = tasks.shards(live.job.firstTask + index) { covered.formUnion(shards) }
        }
      }
      let missing = entry.missing.filter { !covered.contains($0) }
      queued[entry.step.name] = entry.missing.count - missing.count
      let tasks = StepTasks(
        entry.step, shardsPerTask: waiting.first?.job.shardsPerTask ?? entry.shardsPerTask)
      let new = Self.arrays(tasks, missing, size: max(1, maxArraySize), after: before)
      arrays += new
      isNew = isNew || !new.isEmpty
      if !waiting.isEmpty || !new.isEmpty { before = waiting.map(\.id) }
      mergesAfter += waiting.map(\.id)
    }
    let merging = live.filter { $0.job.step == nil }
    if isNew {
      cancelled += merging.map(\.id)
      merges = true
    } else {
      merges = merging.isEmpty
    }
  }

  /// Whether nothing is to be done.
  public var isEmpty: Bool { arrays.isEmpty && !merges }

  /// The tasks of these shards, cut where array indices end.
  private static func arrays(_ tasks: StepTasks, _ shards: [Int], size: Int, after: [String])
    -> [TaskArray]
  {
    var arrays: [TaskArray] = []
    for task in tasks.tasks(shards) {
      let first = task / size * size
      if arrays.last?.firstTask != first {
        arrays.append(
          TaskArray(
            step: tasks.step, shardsPerTask: tasks.shardsPerTask, firstTask: first, indices: [],
            shards: 0, after: after))
      }
      arrays[arrays.count - 1].indices.append(task - first)
    }
    for shard in shards {
      let first = shard / tasks.shardsPerTask / size * size
      if let index = arrays.firstIndex(where: { $0.firstTask == first }) {
        arrays[index].shards += 1
      }
    }
    return arrays
  }
}
