public import DSXCore

/// Slurm's commands: the only place that starts them.
public struct Slurm: Sendable {
  private let removed: Set<String>

  /// A cluster whose commands are in PATH; variables that would override the `options` of scripts are kept
  /// from them. Throws `usage` when sbatch is not there.
  public init(_ options: SlurmOptions? = nil) throws(DSXError) {
    removed = Self.overriding(options)
    guard Self.isInstalled else {
      throw DSXError(
        .usage, "sbatch was not found in PATH: there is no Slurm on this machine",
        hint: "run it on a login node, or use --engine local or print")
    }
  }

  /// Whether sbatch is in PATH.
  public static var isInstalled: Bool { ChildProcess.find("sbatch") != nil }

  /// The cluster's configuration. Throws `io` when its controller does not answer.
  public func config() throws(DSXError) -> SlurmConfig {
    try SlurmConfig(parsing: try run(["scontrol", "show", "config"], "read Slurm's configuration"))
  }

  /// Throws `unknownName` when the cluster has no such partition.
  public func check(partition: String) throws(DSXError) {
    let text = try run(["sinfo", "--all", "--noheader", "--format=%R"], "list Slurm's partitions")
    let names = Set(text.utf8.split(separator: 0x0a).map { String(decoding: $0, as: UTF8.self) })
    // A job may name several.
    for name in partition.utf8.split(separator: UInt8(ascii: ",")) {
      let name = String(decoding: name, as: UTF8.self)
      guard !names.contains(name) else { continue }
      throw DSXError(
        .unknownName, "Slurm has no partition '\(name)'",
        hint: "it has " + names.sorted().joined(separator: ", "))
    }
  }

  /// The tasks of jobs of these names, also those that have ended a short while ago.
  public func tasks(named names: [String]) throws(DSXError) -> [SlurmTask] {
    guard !names.isEmpty else { return [] }
    let known = Set(names)
    return SlurmTask.parse(
      try run(
        [
          "squeue", "--all", "--noheader", "--array", "--states=all",
          "--name=" + names.joined(separator: ","), "--format=" + SlurmTask.format,
        ], "ask Slurm for the jobs")
    ).filter { known.contains($0.name) }
  }

  /// Submits a script of a folder; the number of the job.
  public func submit(_ script: String, in folder: String, after jobs: [String]) throws(DSXError)
    -> String
  {
    let text = try run(
      Self.sbatch(script, after: jobs), "submit the job", folder: folder,
      hint: "the script is \(FilePath.join(folder, script))")
    let id = text.utf8.prefix { (48...57).contains($0) }
    guard !id.isEmpty else {
      throw DSXError(.internal, "sbatch did not say the job's number", underlying: text)
    }
    return String(decoding: id, as: UTF8.self)
  }

  /// The command that submits a script.
  public static func sbatch(_ script: String, after jobs: [String]) -> [String] {
    ["sbatch", "--parsable"]
      + (jobs.isEmpty ? [] : ["--dependency=afterany:" + jobs.joined(separator: ":")]) + [script]
  }

  /// What Slurm says of a script without taking it: when it would start.
  public func test(_ script: String) throws(DSXError) -> String {
    let run = try CapturedRun(
      ["sbatch", "--test-only"], input: script, removing: removed)
    guard run.ending.isSuccess else { throw Self.error("test the script", run, hint: nil) }
    return run.errors
  }

  /// Cancels jobs; those that have ended are no matter.
  public func cancel(_ jobs: [String]) throws(DSXError) {
    guard !jobs.isEmpty else { return }
    _ = try run(["scancel", "--quiet"] + jobs, "cancel jobs")
  }

  /// Variables that would take the place of what stands in a script. Those for what was not asked for stay:
  /// they are somebody's defaults.
  static func overriding(_ options: SlurmOptions?) -> Set<String> {
    var names = always
    guard let options else { return names }
    if options.partition != nil { names.insert("SBATCH_PARTITION") }
    if options.time != nil { names.insert("SBATCH_TIMELIMIT") }
    if options.memory != nil || options.arguments.contains(where: { $0.hasPrefix("--mem") }) {
      names.formUnion(["SBATCH_MEM_PER_CPU", "SBATCH_MEM_PER_GPU", "SBATCH_MEM_PER_NODE"])
    }
    return names
  }

  /// Also another cluster's: dsx asks one queue.
  private static let always: Set<String> = [
    "SBATCH_ARRAY_INX", "SBATCH_CLUSTERS", "SLURM_CLUSTERS", "SBATCH_CPUS_PER_TASK", "SBATCH_ERROR",
    "SBATCH_JOB_NAME",
    "SBATCH_NO_REQUEUE",
    "SBATCH_OPEN_MODE", "SBATCH_OUTPUT", "SBATCH_PARSABLE", "SBATCH_REQUEUE", "SBATCH_WAIT",
    "SQUEUE_ARRAY", "SQUEUE_FORMAT", "SQUEUE_FORMAT2", "SQUEUE_JOBID", "SQUEUE_NAME",
    "SQUEUE_NAMES",
    "SQUEUE_PARTITION", "SQUEUE_STATES", "SQUEUE_USERS", "SINFO_FORMAT", "SINFO_PARTITION",
  ]

  private func run(
    _ words: [String], _ what: String, folder: String? = nil, hint: String? = nil
  ) throws(DSXError) -> String {
    let run = try CapturedRun(words, folder: folder, removing: removed)
    guard run.ending.isSuccess else { throw Self.error(what, run, hint: hint) }
    return run.output
  }

  /// What its commands say when they got no answer.
  private static let away = [
    "unable to contact", "connect failure", "connection failure", "connection refused",
    "connection reset", "timed out", "zero bytes were transmitted", "receive failure",
    "send failure", "not connected",
  ]

  /// Slurm's own words, with an exit code that says whether waiting helps.
  private static func error(_ what: String, _ run: CapturedRun, hint: String?) -> DSXError {
    let text = run.errors.lowercased()
    var isAway = away.contains { text.contains($0) }
    // Killed, it may have been heard before.
    if case .signalled = run.ending { isAway = true }
    return DSXError(
      isAway ? .io : .usage, isAway ? "Slurm's controller does not answer" : "cannot \(what)",
      hint: isAway ? "try again when 'sinfo' answers; what is queued goes on" : hint,
      underlying: run.errors.isEmpty ? run.ending.description : run.errors)
  }
}
