internal import ArgumentParser
internal import DSXCore
internal import Glibc
internal import Jobs

/// `dsx shards run`: the parts of some tasks.
struct ShardsRun: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Make the parts of tasks, again where that can help.",
    discussion: """
      Task T of a step makes its shards from T x --shards-per-task on, by the
      job's own 'run' command. Parts that are there are passed over. An attempt
      that ends with exit code 6 or by a signal is made again after 5, 20 and
      80 s; wrong options and bad input (2, 3, 4) are not tried again.

      Examples:
        dsx shards run out.mindrecord.work
        dsx shards run --step encode --tasks 17 out.mindrecord.work
        dsx shards run --step encode --tasks 0-99 --index 3 --stride 8 out.mindrecord.work
      """)

  @Argument(
    help: ArgumentHelp("A work folder, or the output that it belongs to.", valueName: "work"))
  var work: String
  @Option(help: ArgumentHelp("Only this step. Default: all, in order.", valueName: "name"))
  var step: String?
  @Option(
    help: ArgumentHelp("Numbers of tasks: 0-7,12. Default: all.", valueName: "list"))
  var tasks: String?
  @Option(help: ArgumentHelp("Shards that a task makes.", valueName: "count"))
  var shardsPerTask = 1
  @Option(help: ArgumentHelp("Only the task at this place of the list, from 0.", valueName: "i"))
  var index: Int?
  @Option(
    help: ArgumentHelp("With --index: also those so many places further on.", valueName: "n"))
  var stride: Int?
  @Flag(help: "End when stdin is closed: 'dsx submit --engine local' has its end.")
  var endWithStdin = false
  @OptionGroup(title: "Running") var task: TaskArguments

  func validate() throws {
    guard shardsPerTask > 0 else { throw ValidationError("--shards-per-task must be at least 1") }
    guard index ?? 0 >= 0 else { throw ValidationError("--index must be at least 0") }
    guard stride ?? 1 > 0 else { throw ValidationError("--stride must be at least 1") }
    if stride != nil, index == nil { throw ValidationError("--stride needs --index") }
    if step == nil, tasks != nil || index != nil {
      throw ValidationError("--tasks and --index need --step")
    }
  }

  func run() throws {
    if endWithStdin { Interrupts.endWithStdin() }
    let runner = try task.runner(work)
    let folder = runner.work
    let steps =
      try step.map { (name) throws(DSXError) in [try folder.step(name)] }
      ?? folder.work.steps
    var failures: [ShardRunner.Failure] = []
    for step in steps where failures.isEmpty {
      let dealt = StepTasks(step, shardsPerTask: shardsPerTask)
      for number in try numbers(dealt) {
        guard let shards = dealt.shards(number) else {
          throw DSXError(
            .usage, "step \(step.name) has no task \(number) of \(dealt.shardsPerTask) shards",
            file: folder.path, hint: "its tasks are 0 to \(dealt.count - 1)")
        }
        if let failure = try runner.run(step, shards) { failures.append(failure) }
      }
    }
    guard let first = failures.first else { return }
    throw Self.error(first, failures.count, folder.path)
  }

  /// What became of tasks that failed, with the exit code of the first.
  static func error(_ failure: ShardRunner.Failure, _ count: Int, _ path: String) -> DSXError {
    let more = count > 1 ? ", and \(count - 1) more" : ""
    return DSXError(
      .init("task-failed", failure.exitCode),
      "\(failure.what) ended by \(failure.ending.description)\(more)", file: path,
      hint: "the messages above say why; 'dsx status' shows what is missing")
  }

  private func numbers(_ dealt: StepTasks) throws(DSXError) -> [Int] {
    let all =
      try tasks.map { (text) throws(DSXError) in try NumberRanges.parse(text) }
      ?? Array(0..<dealt.count)
    guard let index else { return all }
    // Ranks and indices beyond the list have nothing to do.
    guard index < all.count else { return [] }
    guard let stride else { return [all[index]] }
    return Swift.stride(from: index, to: all.count, by: stride).map { all[$0] }
  }
}
