/// How the shards of a step are dealt to tasks: task T makes the shards from T x `shardsPerTask` on.
///
/// So a task's number says what it does, whatever was finished when it was submitted: parts that are
/// there are passed over.
public struct StepTasks: Hashable, Sendable {
  /// The step.
  public let step: WorkStep
  /// Shards of one task, at least 1; the last task may have fewer.
  public let shardsPerTask: Int

  /// The tasks of a step.
  public init(_ step: WorkStep, shardsPerTask: Int) {
    self.step = step
    self.shardsPerTask = min(max(1, shardsPerTask), step.shards)
  }

  /// Number of tasks.
  public var count: Int { (step.shards - 1) / shardsPerTask + 1 }

  /// The shards of a task; nil when there is no such task.
  public func shards(_ task: Int) -> ClosedRange<Int>? {
    guard (0..<count).contains(task) else { return nil }
    let first = task * shardsPerTask
    return first...min(first + shardsPerTask, step.shards) - 1
  }

  /// The tasks that have one of these shards, in order; `shards` in order.
  public func tasks(_ shards: [Int]) -> [Int] {
    var tasks: [Int] = []
    for shard in shards where tasks.last != shard / shardsPerTask {
      tasks.append(shard / shardsPerTask)
    }
    return tasks
  }
}
