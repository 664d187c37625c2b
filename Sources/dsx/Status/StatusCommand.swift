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
      Reads plans and manifests only, never data, and changes nothing. The \
      exit code is 0 when all parts are finished, else 5.

      Example:
        dsx status prepared.mindrecord
        dsx status --watch out.mindrecord.work
      """)

  /// How it is printed.
  enum Format: String, CaseIterable, ExpressibleByArgument { case text, json }

  @Argument(help: "An output of 'dsx prepare', or its work folder.")
  var path: String
  @Flag(help: "Look again every two seconds until all parts are finished.")
  var watch = false
  @Option(help: "How it is printed.")
  var format = Format.text

  func run() throws {
    var status = try WorkStatus(path)
    show(status)
    while watch, !status.isComplete {
      Output.flush()
      sleep(2)
      status = try WorkStatus(path)
      show(status)
    }
    guard !status.isComplete else { return }
    let left = status.steps.reduce(0) { $0 + $1.shards - $1.done }
    throw DSXError(
      .incomplete, "\(left) part\(left == 1 ? " is" : "s are") not finished", file: path)
  }

  private func show(_ status: WorkStatus) {
    guard format == .text else {
      Output.line(status.json.text(.indented))
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
        parts.append("about \(Int(left.rounded(.up))) s left")
      }
      Output.line(step.name + ": " + parts.joined(separator: ", "))
      for (shard, who) in step.running { Output.line("  shard \(shard): \(who)") }
      for (shard, why) in step.failed { Output.line("  shard \(shard) failed: \(why)") }
    }
  }
}
