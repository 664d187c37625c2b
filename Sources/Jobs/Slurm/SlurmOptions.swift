public import DSXCore

/// What is asked of Slurm for every task.
public struct SlurmOptions: Hashable, Sendable {
  /// The partition; nil for the cluster's own.
  public var partition: String?
  /// The time limit of a task, as Slurm takes it.
  public var time: String?
  /// Cores of a task.
  public var cpus: Int
  /// Memory of a task, as Slurm takes it: `4G`.
  public var memory: String?
  /// More arguments of sbatch, each a whole one: `--account=a`.
  public var arguments: [String]
  /// The most tasks of an array at a time; nil for no limit.
  public var maxRunning: Int?

  /// Options.
  ///
  /// Throws `usage` for values that Slurm would refuse, and for arguments that are dsx's own: they decide
  /// what a task does or where its log goes.
  public init(
    partition: String? = nil, time: String? = nil, cpus: Int = 1, memory: String? = nil,
    arguments: [String] = [], maxRunning: Int? = nil
  ) throws(DSXError) {
    self.partition = partition
    self.time = time
    self.cpus = cpus
    self.memory = memory
    self.arguments = arguments
    self.maxRunning = maxRunning
    guard (1...4096).contains(cpus) else {
      throw DSXError(.usage, "--cpus must be 1 to 4096, not \(cpus)")
    }
    guard maxRunning.map({ (1..<NumberRanges.limit).contains($0) }) ?? true else {
      throw DSXError(.usage, "--max-running must be at least 1")
    }
    if let time { _ = try SlurmTime.seconds(time) }
    if let memory, !Self.isMemory(memory) {
      throw DSXError(
        .usage, "'\(memory)' is no amount of memory", hint: "megabytes, or with K, M, G or T: 4G")
    }
    for argument in arguments + [partition ?? "x"] { try Self.check(argument) }
    for argument in arguments { try Self.checkIsFree(argument) }
  }

  /// Seconds of the time limit; nil when there is none.
  public var seconds: Int? {
    guard let time, let seconds = try? SlurmTime.seconds(time) else { return nil }
    return seconds
  }

  /// What stands in every script, in order.
  var directives: [String] {
    var lines = ["--ntasks=1", "--cpus-per-task=\(cpus)"]
    if let partition { lines.append("--partition=" + partition) }
    if let time { lines.append("--time=" + time) }
    if let memory { lines.append("--mem=" + memory) }
    return lines + arguments
  }

  private static func isMemory(_ text: String) -> Bool {
    var digits = Array(text.utf8)
    if let last = digits.last, "KMGTkmgt".utf8.contains(last) { digits.removeLast() }
    return (1...12).contains(digits.count) && digits.allSatisfy { (48...57).contains($0) }
  }

  private static func check(_ argument: String) throws(DSXError) {
    guard !argument.isEmpty, !argument.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) else {
      throw DSXError(
        .usage, "an argument of sbatch is empty or has a line feed or another control character")
    }
    guard argument.utf8.count < 4000 else {
      throw DSXError(.usage, "an argument of sbatch is longer than 4,000 bytes")
    }
  }

  /// Long options that dsx writes itself, and those that change what is run or which queue it is in.
  private static let own = [
    "array", "chdir", "clusters", "cpus-per-task", "dependency", "error", "input", "job-name",
    "mem", "ntasks",
    "open-mode", "output", "parsable", "partition", "test-only", "time", "wait", "wrap",
  ]
  private static let ownShort = Set("aDcdeiJMnoptW".utf8)

  private static func checkIsFree(_ argument: String) throws(DSXError) {
    let bytes = Array(argument.utf8)
    guard bytes.count > 1, bytes[0] == UInt8(ascii: "-") else {
      throw DSXError(
        .usage, "'\(argument)' is no option of sbatch",
        hint: "write it as one word: --sbatch-arg=--account=NAME")
    }
    let isOwn: Bool
    if bytes[1] == UInt8(ascii: "-") {
      let name = String(decoding: bytes[2...].prefix { $0 != UInt8(ascii: "=") }, as: UTF8.self)
      // sbatch takes the beginning of a name for the name; `--mem-per-cpu` is another one than `--mem`.
      isOwn =
        own.contains(name) || name.isEmpty
        || name.utf8.count > 2 && own.contains { $0.hasPrefix(name) }
    } else {
      isOwn = ownShort.contains(bytes[1])
    }
    guard isOwn else { return }
    throw DSXError(
      .usage, "--sbatch-arg cannot set '\(argument)': dsx decides that",
      hint: "see --partition, --time, --cpus, --mem and --max-running")
  }
}
