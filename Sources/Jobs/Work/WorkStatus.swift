public import DSXCore
internal import Glibc

/// How far a job is, from its manifests and locks alone: no data is read, and nothing is changed.
public struct WorkStatus: Sendable {
  /// One step.
  public struct Step: Sendable {
    /// Its name.
    public var name: String
    /// Number of its shards.
    public var shards: Int
    /// Shards whose parts are finished.
    public var done = 0
    /// Shards that live processes are making, with who.
    public var running: [(shard: Int, who: String)] = []
    /// Shards whose last attempt failed, with why.
    public var failed: [(shard: Int, why: String)] = []
    /// Shards that nobody has begun, in order.
    public var missing: [Int] = []
    /// Rows that the finished parts counted.
    public var rows = 0
    /// Tokens that they counted.
    public var tokens = 0
    /// About how long the rest will take at the pace of the finished parts; nil until two are.
    public var secondsLeft: Double?
  }

  /// The plan's id.
  public var id: String
  /// The steps, in order; empty when the job is finished.
  public var steps: [Step]
  /// What a finished job counted; nil while it is not.
  public var counts: JSONValue?

  /// Whether all parts of all steps are finished.
  public var isComplete: Bool { steps.allSatisfy { $0.done == $0.shards } }

  /// Looks at a work folder, or at an output (its work folder, or the manifest of the finished job). The
  /// path of a work folder that went when its job was merged stands for the output.
  ///
  /// Throws `usage` when there is neither.
  public init(_ path: String) throws(DSXError) {
    if let status = try Self.underWay(path) {
      self = status
    } else {
      self = try Self.finished(path)
    }
  }

  private static func underWay(_ path: String) throws(DSXError) -> WorkStatus? {
    guard (try? WorkFolder.find(path, onlyLooks: true)) != nil else { return nil }
    do throws(DSXError) {
      let work = try WorkFolder(job: path)
      // A merging that died after its last file, or was asked to keep the folder.
      if let done = work.published {
        return WorkStatus(id: done.plan.id, steps: [], counts: done.counts)
      }
      return try of(work)
    } catch {
      // It may have been taken away meanwhile.
      guard (try? WorkFolder.find(path, onlyLooks: true)) == nil else { throw error }
      return nil
    }
  }

  private static func finished(_ path: String) throws(DSXError) -> WorkStatus {
    guard let done = try FinishedOutput.ofJob(path) else {
      throw DSXError(
        .usage, "there is no job", file: path,
        hint: "name an output, or a work folder that a 'plan' command made")
    }
    return WorkStatus(id: done.id, steps: [], counts: done.counts)
  }

  private init(id: String, steps: [Step], counts: JSONValue?) {
    self.id = id
    self.steps = steps
    self.counts = counts
  }

  static func of(_ work: WorkFolder) throws(DSXError) -> WorkStatus {
    var steps: [Step] = []
    for planned in work.work.steps {
      var step = Step(name: planned.name, shards: planned.shards)
      var times: [Double] = []
      for shard in 0..<planned.shards {
        switch try work.state(planned, shard) {
        case .done(let manifest):
          step.done += 1
          step.rows &+= manifest.counts["rows"]?.int ?? 0
          step.tokens &+= manifest.counts["tokens"]?.int ?? 0
          times.append(Self.modified(work.part(planned, shard) + ".json"))
        case .running(let who): step.running.append((shard, who))
        case .failed(let why): step.failed.append((shard, why))
        case .missing: step.missing.append(shard)
        }
      }
      if let each = Pace(times).secondsPerPart {
        step.secondsLeft = each * Double(step.shards - step.done)
      }
      steps.append(step)
    }
    return WorkStatus(id: work.work.id, steps: steps, counts: nil)
  }

  private static func modified(_ path: String) -> Double {
    var status = stat()
    guard stat(path, &status) == 0 else { return 0 }
    return Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) / 1e9
  }

  /// The same for programs.
  public var json: JSONValue {
    func numbers(_ values: [Int]) -> JSONValue { .array(values.map { .int(Int64($0)) }) }
    let list = steps.map { step -> JSONValue in
      [
        "name": .string(step.name), "shards": .int(Int64(step.shards)),
        "done": .int(Int64(step.done)),
        "running": .array(
          step.running.map { ["shard": .int(Int64($0.shard)), "who": .string($0.who)] }),
        "failed": .array(
          step.failed.map { ["shard": .int(Int64($0.shard)), "why": .string($0.why)] }),
        "missing": numbers(step.missing), "rows": .int(Int64(step.rows)),
        "tokens": .int(Int64(step.tokens)),
        "seconds_left": step.secondsLeft.map { .double(($0 * 10).rounded() / 10) } ?? .null,
      ]
    }
    return [
      "id": .string(id), "finished": .bool(counts != nil), "steps": .array(list),
      "counts": counts ?? .null,
    ]
  }
}
