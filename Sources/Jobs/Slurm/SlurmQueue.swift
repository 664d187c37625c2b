public import DSXCore

/// What Slurm's queue says of the jobs that were submitted for a work folder.
public struct SlurmQueue: Sendable {
  /// The jobs, each with its tasks that the queue knows, in the order in which they were submitted.
  public var jobs: [(job: SubmittedJob, tasks: [SlurmTask])]

  /// The queue's tasks, told apart by name, and by number where it was recorded.
  public init(_ submitted: SubmittedJobs, _ tasks: [SlurmTask]) {
    var byName: [String: [SlurmTask]] = [:]
    for task in tasks { byName[task.name, default: []].append(task) }
    jobs = submitted.jobs.map { job in
      let own = (byName[job.name] ?? []).filter { job.id == nil || $0.job == job.id }
      return (job, own.sorted { ($0.index ?? 0) < ($1.index ?? 0) })
    }
  }

  /// Jobs that will run or are running, with the indices that are left.
  public var live: [SubmissionPlan.Live] {
    jobs.compactMap { job, tasks in
      let left = tasks.filter(\.isLive)
      guard let first = left.first else { return nil }
      return SubmissionPlan.Live(job, id: first.job, indices: left.compactMap(\.index))
    }
  }

  /// The tasks that run now.
  public var running: Int { jobs.reduce(0) { $0 + $1.tasks.filter(\.isRunning).count } }

  /// One line for each job: `job 12, encode: 0-3 COMPLETED; 4 RUNNING on n2; 5-7 PENDING (Resources)`.
  ///
  /// Empty for jobs that the queue does not know any more.
  public var lines: [String] {
    jobs.compactMap { job, tasks in
      guard let first = tasks.first else { return nil }
      var groups: [(state: String, indices: [Int])] = []
      for task in tasks {
        var state = task.state
        if task.isRunning, !task.nodes.isEmpty { state += " on " + task.nodes }
        if !task.isRunning, task.state != "COMPLETED", !task.reason.isEmpty, task.reason != "None" {
          state += " (\(task.reason))"
        }
        let number = task.index.map { [job.firstTask + $0] } ?? []
        if let place = groups.firstIndex(where: { $0.state == state }) {
          groups[place].indices += number
        } else {
          groups.append((state, number))
        }
      }
      let texts = groups.map { group in
        group.indices.isEmpty
          ? group.state : ShardNumbers.text(group.indices) + " " + group.state
      }
      let name = job.step.map { $0 + ", tasks" } ?? "merge:"
      return "job \(first.job), \(name) " + texts.joined(separator: "; ")
    }
  }

  /// The same for programs.
  public var json: JSONValue {
    .array(
      jobs.map { job, tasks in
        [
          "id": job.id.map { .string($0) } ?? .null,
          "step": job.step.map { .string($0) } ?? .null,
          "tasks": .array(
            tasks.map { task in
              [
                "task": task.index.map { .int(Int64(job.firstTask + $0)) } ?? .null,
                "state": .string(task.state), "elapsed": .string(task.elapsed),
                "nodes": .string(task.nodes), "reason": .string(task.reason),
              ]
            }),
        ]
      })
  }
}
