internal import DSXCore

/// One line of Slurm's queue: a task of an array, or a job without one.
public struct SlurmTask: Hashable, Sendable {
  /// The job.
  public var job: String
  /// Its array index; nil for a job without an array.
  public var index: Int?
  /// The job's name.
  public var name: String
  /// Its state in Slurm's words: `PENDING`, `RUNNING`, `FAILED`.
  public var state: String
  /// How long it has run, in Slurm's form.
  public var elapsed: String
  /// The nodes; empty before it runs.
  public var nodes: String
  /// Why it waits or ended so, in Slurm's words.
  public var reason: String

  /// What squeue is asked for.
  public static let format = "%i|%j|%T|%M|%N|%r"

  /// Whether it will run or is running: its shards are not to be submitted again.
  public var isLive: Bool { Self.liveStates.contains(state) }

  /// Whether it runs.
  public var isRunning: Bool { state == "RUNNING" || state == "CONFIGURING" }

  private static let liveStates: Set<String> = [
    "PENDING", "CONFIGURING", "RUNNING", "SUSPENDED", "REQUEUED", "REQUEUE_HOLD", "REQUEUE_FED",
    "RESIZING", "RESV_DEL_HOLD", "SIGNALING", "SPECIAL_EXIT", "STAGE_OUT", "STOPPED",
  ]

  /// `12_3`, or `13`.
  public var id: String { index.map { "\(job)_\($0)" } ?? job }

  /// Reads the output of `squeue --noheader --array --format=...`. Lines that are none are left out: they
  /// are messages.
  public static func parse(_ text: String) -> [SlurmTask] {
    var tasks: [SlurmTask] = []
    for line in text.utf8.split(separator: 0x0a) {
      let fields = line.split(
        separator: UInt8(ascii: "|"), maxSplits: 5, omittingEmptySubsequences: false)
      guard fields.count == 6 else { continue }
      let words = fields.map { String(decoding: $0, as: UTF8.self) }
      guard let (job, indices) = split(words[0]) else { continue }
      for index in indices {
        tasks.append(
          SlurmTask(
            job: job, index: index, name: words[1], state: words[2], elapsed: words[3],
            nodes: words[4], reason: words[5]))
      }
    }
    return tasks
  }

  /// `12_3` to 12 and 3; `13` to 13 and none; `12_[4-6,9%2]`, as older versions print what waits.
  private static func split(_ id: String) -> (job: String, indices: [Int?])? {
    let halves = id.utf8.split(
      separator: UInt8(ascii: "_"), maxSplits: 1, omittingEmptySubsequences: false)
    guard let job = halves.first, !job.isEmpty, job.allSatisfy({ (48...57).contains($0) }) else {
      return nil
    }
    let number = String(decoding: job, as: UTF8.self)
    guard halves.count == 2 else { return (number, [nil]) }
    var list = halves[1]
    if list.first == UInt8(ascii: "[") { list = list.dropFirst() }
    list = list.prefix { $0 != UInt8(ascii: "]") && $0 != UInt8(ascii: "%") }
    guard let indices = try? NumberRanges.parse(String(decoding: list, as: UTF8.self)) else {
      return nil
    }
    return (number, indices)
  }
}
