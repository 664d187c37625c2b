internal import ArgumentParser
internal import DSXCore
internal import Glibc
internal import Jobs

/// `dsx status`: how far a job is.
struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Show how far a job is: finished, running, failed and missing parts.",
    discussion: """
      Reads plans and manifests only, never data, and changes nothing. Where \
      the job was submitted to Slurm and Slurm answers, the states of its \
      tasks are shown, too. The exit code is 0 when all parts are finished, \
      else 5; 2 when there is no job, also when one that was watched was \
      given up before a part was finished.

      Example:
        dsx status prepared.mindrecord
        dsx status --watch out.mindrecord.work
      """)

  /// How it is printed.
  enum Format: String, CaseIterable, ExpressibleByArgument { case text, json }

  @Argument(help: "An output of a job in shards, or its work folder.")
  var path: String
  @Flag(help: "Look again every two seconds until all parts are finished or nothing is at work.")
  var watch = false
  @Option(help: "How it is printed.")
  var format = Format.text

  func run() throws {
    var status = try WorkStatus(path)
    var engines = EngineStatus(path)
    show(status, engines)
    // Looks in a row at which nothing was at work: one may fall between two processes.
    var idle = 0
    while watch, !status.isComplete {
      idle = engines.isOver(status, path) ? idle + 1 : 0
      guard idle < 2 else { break }
      Output.flush()
      sleep(2)
      // A work folder that is gone was merged, and so the output is finished, or was discarded.
      status = try WorkStatus(path)
      engines = EngineStatus(path)
      show(status, engines)
    }
    guard !status.isComplete else { return }
    let left = status.steps.reduce(0) { $0 + $1.shards - $1.done }
    throw DSXError(
      .incomplete, "\(left) part\(left == 1 ? " is" : "s are") not finished", file: path)
  }

  private func show(_ status: WorkStatus, _ engines: EngineStatus) {
    if let warning = engines.warning { Output.message("dsx: warning: " + warning) }
    guard format == .text else {
      var members = status.json.object ?? []
      if let json = engines.json { members.append(.init("jobs", json)) }
      Output.line(JSONValue.object(members).text(.indented))
      return
    }
    if let counts = status.counts {
      Output.line(
        "finished: \(counts["rows"]?.int ?? 0) rows, \(counts["tokens"]?.int ?? 0) tokens")
    }
    for step in status.steps {
      var parts = ["\(step.done) of \(step.shards) finished"]
      if !step.running.isEmpty { parts.append("\(step.running.count) running") }
      if !step.failed.isEmpty { parts.append("\(step.failed.count) failed") }
      if !step.missing.isEmpty { parts.append("\(step.missing.count) missing") }
      if step.tokens > 0 { parts.append("\(step.rows) rows, \(step.tokens) tokens so far") }
      if let left = step.secondsLeft, step.done < step.shards {
        parts.append("about \(TaskPacking.duration(left.rounded(.up))) left at this pace")
      }
      Output.line(step.name + ": " + parts.joined(separator: ", "))
      for (shard, who) in step.running { Output.line("  shard \(shard): \(who)") }
      for (shard, why) in step.failed { Output.line("  shard \(shard) failed: \(why)") }
      if !step.missing.isEmpty, step.missing.count < step.shards {
        Output.line("  missing: " + ShardNumbers.text(step.missing))
      }
    }
    if !status.steps.isEmpty, status.isComplete { Output.line("merge: to be done") }
    for line in engines.lines { Output.line(line) }
  }
}
