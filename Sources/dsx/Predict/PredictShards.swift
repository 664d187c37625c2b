internal import ArgumentParser
internal import DSXCore
internal import Evaluation
internal import Jobs

/// Everything that `dsx predict plan` takes, as the other processes read it.
struct PredictPlanArguments: ParsableArguments {
  @OptionGroup var arguments: PredictArguments
  @OptionGroup var process: PredictProcess
  @OptionGroup var size: ShardExamples

  /// The predictions in shards.
  func shards(_ opened: PredictArguments.Opened) -> PredictionShards {
    PredictionShards(
      opened.run, output: opened.output, overwrite: arguments.overwrite,
      tool: "dsx " + Version.current)
  }
}

/// `dsx predict plan`: cuts the rows into shards.
struct PredictPlan: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Count the rows, cut them into shards, and make OUTPUT.work.",
    discussion: """
      Takes the options of 'dsx predict'. Shards follow from the data, --shard-examples and
      --batch-size, never from the number of workers. Prints the path of the work folder, then the
      step with its number of shards.

      Example:
        dsx predict plan --model digits_cnn --dataset digits --output preds.jsonl
        dsx predict run --shard 0..1 preds.jsonl.work
        dsx predict merge preds.jsonl.work
      """)

  @OptionGroup var arguments: PredictArguments
  @OptionGroup(title: "Running") var process: PredictProcess
  @OptionGroup(title: "Shards") var size: ShardExamples

  func run() throws {
    let words = PlanWords.behind(["predict", "plan"]) {
      (try? PredictPlanArguments.parse($0)) != nil
    }
    try PlanWords.show(json: process.format == .json) {
      try PredictPlanArguments.parse(words).shards(try arguments.open(process)).plan(
        shardExamples: size.shardExamples, command: PlannedCommand(arguments: words))
    }
  }
}

/// `dsx predict run`: makes parts of planned predictions.
struct PredictRun: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Make parts in a work folder; several processes may do so at the same time.",
    discussion: """
      Without --shard it makes every part that nobody has made or is making. Parts that are
      finished are passed over. Rows that fail are lines of their part; 'merge' counts them.

      Example:
        dsx predict run --shard 17 preds.jsonl.work
      """)

  @Argument(
    help: ArgumentHelp(
      "The work folder that 'dsx predict plan' made, or its output.", valueName: "work"))
  var work: String
  @OptionGroup var shards: ShardArguments
  @OptionGroup(title: "Running") var process: PredictProcess

  func run() throws {
    try PlanWords.refuseOptions(
      of: "dsx predict", besides: ShardArguments.names + ["workers", "threads", "format"])
    let selection = try shards.selection()
    let planned = try PlannedWork(work, kind: PredictionShards.kind, PredictPlanArguments.self)
    let progress = StderrProgress()
    defer { progress.finish() }
    try planned.arguments.shards(try planned.arguments.arguments.open(process)).run(
      planned.path, selection, verify: shards.verify, progress: progress)
    progress.finish()
    Output.message("dsx: the parts are finished")
  }
}

/// `dsx predict merge`: finished parts to the output.
struct PredictMerge: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Check that all parts of a work folder are there, and make them the output.",
    discussion: """
      The output is that of 'dsx predict' in one process, byte for byte; so is the exit code.
      Missing and damaged parts are listed, and the exit code is 5. The work folder is removed at
      the end.

      Example:
        dsx predict merge preds.jsonl.work
      """)

  @Argument(
    help: ArgumentHelp(
      "The work folder that 'dsx predict plan' made, or its output.", valueName: "work"))
  var work: String
  @OptionGroup var merging: MergeArguments
  @OptionGroup(title: "Running") var process: PredictProcess

  func run() throws {
    try PlanWords.refuseOptions(
      of: "dsx predict", besides: MergeArguments.names + ["workers", "threads", "format"])
    let planned = try PlannedWork(work, kind: PredictionShards.kind, PredictPlanArguments.self)
    let opened = try planned.arguments.arguments.open(process)
    let (counts, wasFinished, warning) = try planned.arguments.shards(opened).merge(
      planned.path, keepsWork: merging.keepWork)
    if let warning { Output.message("dsx: warning: " + warning) }
    try PredictSummary(
      counts: counts, wasFinished: wasFinished, task: opened.pipeline.task, output: opened.output
    ).end(process.format)
  }
}
