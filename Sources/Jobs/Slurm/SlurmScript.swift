internal import DSXCore

/// The text of a batch script.
///
/// No path stands in an `#SBATCH` line: sbatch is run in the submit folder, and a log's name is relative
/// to it, so that no character of a path can mean anything to Slurm. But it drops backslashes and replaces
/// `%a` in the folder's path, too: in such a folder the script opens its log itself.
public struct SlurmScript: Sendable {
  /// The job.
  public var job: SubmittedJob
  /// The work folder, as an absolute path.
  public var work: String
  /// The program, as nodes see it.
  public var program: String
  /// What is asked of Slurm.
  public var options: SlurmOptions
  /// The most attempts of a task after the first.
  public var retries: Int
  /// Variables that tasks need, by name, in order.
  public var variables: [(name: String, value: String)]
  /// The first line of comment: what this is.
  public var title: String

  /// A script.
  public init(
    job: SubmittedJob, work: String, program: String, options: SlurmOptions, retries: Int,
    variables: [(name: String, value: String)] = [], title: String
  ) {
    self.job = job
    self.work = work
    self.program = program
    self.options = options
    self.retries = retries
    self.variables = variables
    self.title = title
  }

  /// The script.
  public var text: String {
    var lines = ["#!/bin/bash", "# " + title]
    if let step = job.step {
      lines.append("#")
      lines.append(
        "# Array index I is task \(job.firstTask) + I of step \(Self.word(step)); task T")
      lines.append(
        job.shardsPerTask == 1
          ? "# makes shard T. Parts that are there already are passed over."
          : "# makes the \(job.shardsPerTask) shards from T x \(job.shardsPerTask) on. Parts that are "
            + "there already are passed over.")
    } else {
      lines.append("#")
      lines.append(
        "# Runs after the tasks, however they ended: it checks the manifest of every part,")
      lines.append("# and ends with exit code 5 and a list when parts are missing.")
    }
    lines.append("# To submit it by hand: cd to the folder of this file, then 'sbatch' it.")
    lines.append("")
    lines += directives.map { SlurmDirective.line($0) }
    lines += [
      "", "set -u",
      "# One BLAS thread a worker: more would change the last bits of numbers.",
      "export OPENBLAS_NUM_THREADS=1",
    ]
    lines += variables.map { "export \($0.name)=" + ShellWord.quoted($0.value) }
    if opensLog {
      let index = job.step == nil ? "" : "-$SLURM_ARRAY_TASK_ID"
      lines += [
        "# Slurm would take something in this folder's path for another thing: it cannot open the log.",
        "exec >>\"logs/\(Self.stem(job))\(index).log\" 2>&1",
      ]
    }
    lines += ["dsx=" + ShellWord.quoted(program), "work=" + ShellWord.quoted(work), ""]
    lines += command
    return lines.joined(separator: "\n") + "\n"
  }

  private var opensLog: Bool {
    work.utf8.contains(UInt8(ascii: "\\")) || work.utf8.contains(UInt8(ascii: "%"))
  }

  private var directives: [String] {
    var list = ["--job-name=" + job.name]
    if job.step != nil {
      let limit = options.maxRunning.map { "%\($0)" } ?? ""
      list.append("--array=" + job.indices + limit)
    }
    let log = "logs/" + Self.stem(job) + (job.step == nil ? ".log" : "-%a.log")
    list.append("--output=" + (opensLog ? "/dev/null" : log))
    // A task that Slurm starts again must not wipe out what the first attempt said.
    list += ["--open-mode=append", "--requeue"]
    return list + options.directives
  }

  private var command: [String] {
    let common = "--workers \(options.cpus) --retries \(retries)"
    guard let step = job.step else {
      return ["exec \"$dsx\" shards merge \(common) \"$work\""]
    }
    return [
      "task=$((\(job.firstTask) + SLURM_ARRAY_TASK_ID))",
      "exec \"$dsx\" shards run --step \(ShellWord.quoted(step)) --tasks \"$task\" \\",
      "  --shards-per-task \(job.shardsPerTask) \(common) \"$work\"",
    ]
  }

  /// The beginning of the names of a job's files: `0001-encode`.
  public static func stem(_ job: SubmittedJob) -> String { stem(job.number, job.step) }

  /// The same.
  public static func stem(_ number: Int, _ step: String?) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits + "-"
      + word(step ?? "merge")
  }

  /// A step's name with only letters, digits, `.` and `-` of ASCII: it goes into names of files and jobs.
  private static func word(_ name: String) -> String {
    String(
      decoding: name.utf8.map { byte -> UInt8 in
        let isPlain =
          (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
          || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
        return isPlain ? byte : UInt8(ascii: "_")
      }, as: UTF8.self)
  }
}
