internal import ArgumentParser
internal import DSXCore
internal import Evaluation
internal import Jobs

/// `dsx eval run`: makes parts of a planned evaluation.
struct EvalRun: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Make parts in a work folder; several processes may do so at the same time.",
    discussion: """
      Without --shard it makes every part that nobody has made or is making. Parts that are
      finished are passed over. A process that dies leaves nothing behind that the next one would
      not take over. Examples that fail are lines of their part; 'merge' counts them.

      Example:
        dsx eval run --shard 17 out.work
      """)

  @Argument(
    help: ArgumentHelp(
      "The work folder that 'dsx eval plan' made, or its output.", valueName: "work"))
  var work: String
  @OptionGroup var shards: ShardArguments
  @OptionGroup(title: "Running") var process: EvalProcess

  func run() throws {
    try PlanWords.refuseOptions(
      of: "dsx eval", besides: ShardArguments.names + ["workers", "threads", "format"])
    let selection = try shards.selection()
    let planned = try PlannedWork(work, kind: EvaluationShards.kind, EvalPlanArguments.self)
    let progress = StderrProgress()
    defer { progress.finish() }
    try planned.arguments.shards(process, Homes.current()).run(
      planned.path, selection, verify: shards.verify, progress: progress)
    progress.finish()
    Output.message("dsx: the parts are finished")
  }
}
