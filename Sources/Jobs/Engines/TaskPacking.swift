/// How many shards a task makes, so that it lasts long enough to be worth a start and not so long that
/// much is lost with it.
public struct TaskPacking: Hashable, Sendable {
  /// What the length of a shard was taken from.
  public enum Basis: Hashable, Sendable {
    /// The number was asked for.
    case given
    /// So many finished shards of this step were timed.
    case measured(shards: Int)
    /// The size of a shard and a rate in bytes a second a core.
    case rate(Double)
    /// Nothing: a shard is taken to last so long.
    case assumed
  }

  /// A task lasts about as long, unless something else is asked for, in minutes.
  public static let usualMinutes = 20
  /// What a shard is taken to last when nothing is known, in seconds.
  public static let assumedSeconds = 60.0

  /// Shards of a task.
  public var shardsPerTask: Int
  /// Seconds of a shard; nil when the number was given and nothing is known.
  public var secondsPerShard: Double?
  /// Where they come from.
  public var basis: Basis

  /// Chooses.
  ///
  /// - Parameters:
  ///   - given: the number of shards, when it was asked for.
  ///   - measured: seconds of a shard with these cores, and how many shards they were taken from.
  ///   - shardBytes: bytes of input of a shard; nil when shards are not cut by bytes.
  ///   - rate: bytes a second a core; nil when it is not known for this kind of job.
  ///   - cores: cores of a task.
  ///   - minutes: how long a task is to last.
  ///   - limit: seconds after which a task is ended; it is planned to need half of them.
  public init(
    _ step: WorkStep, given: Int?, measured: (seconds: Double, shards: Int)?, shardBytes: Int?,
    rate: Double?, cores: Int, minutes: Int = usualMinutes, limit: Int? = nil
  ) {
    var seconds: Double?
    if let measured, measured.seconds > 0, measured.seconds.isFinite {
      (seconds, basis) = (measured.seconds, .measured(shards: measured.shards))
    } else if let shardBytes, let rate, rate > 0, shardBytes > 0 {
      (seconds, basis) = (Double(shardBytes) / (rate * Double(max(1, cores))), .rate(rate))
    } else {
      basis = .assumed
    }
    if let given {
      basis = .given
      secondsPerShard = seconds
      shardsPerTask = min(max(1, given), step.shards)
      return
    }
    let each = max(seconds ?? Self.assumedSeconds, 1e-3)
    secondsPerShard = each
    var wanted = Double(max(1, minutes)) * 60
    if let limit { wanted = min(wanted, Double(limit) / 2) }
    let count = (wanted / each).rounded(.down)
    shardsPerTask = count >= Double(step.shards) ? step.shards : max(1, Int(count))
  }

  /// `about 12 s a shard (of 30 finished ones): tasks of 100 shards, about 20 min`
  public var text: String {
    let size = "\(shardsPerTask) shard\(shardsPerTask == 1 ? "" : "s") a task"
    guard let secondsPerShard else { return size }
    let whole = Self.duration(secondsPerShard * Double(shardsPerTask))
    let from: String
    switch basis {
    case .given: from = ""
    case .measured(let shards): from = ", as \(shards) finished ones took"
    case .rate(let rate): from = ", at \(Int((rate / 1e6).rounded())) MB/s a core"
    case .assumed: from = ", a guess: --shards-per-task says it better"
    }
    return size + ", about \(whole) (\(Self.duration(secondsPerShard)) a shard\(from))"
  }

  /// `0.4 s`, `95 s`, `20 min`, `3.5 h`.
  public static func duration(_ seconds: Double) -> String {
    func tenths(_ value: Double) -> String {
      let number = Int((value * 10).rounded())
      return number % 10 == 0 ? "\(number / 10)" : "\(number / 10).\(number % 10)"
    }
    guard seconds.isFinite, seconds < 1e12 else { return "an unknown time" }
    if seconds < 10 { return tenths(max(0, seconds)) + " s" }
    if seconds < 120 { return "\(Int(seconds.rounded())) s" }
    if seconds < 7200 { return "\(Int((seconds / 60).rounded())) min" }
    return tenths(seconds / 3600) + " h"
  }
}
