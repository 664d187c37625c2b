internal import ArgumentParser
internal import DSXCore
internal import Evaluation
internal import Jobs

/// How large the shards of counted things are.
struct ShardExamples: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Examples in each shard, rounded up to a multiple of 32. Default: 256, doubled for a large data "
        + "set until it has at most 256 shards.", valueName: "count"))
  var shardExamples: Int?
}

/// Everything that `dsx eval plan` takes, as the other processes read it.
struct EvalPlanArguments: ParsableArguments {
  @OptionGroup var choice: EvalChoice
  @OptionGroup var settings: EvalSettings
  @OptionGroup var output: EvalOutput
  @OptionGroup var process: EvalProcess
  @OptionGroup var size: ShardExamples

  /// The evaluation; `process`: what may differ between processes.
  func shards(_ process: EvalProcess, _ homes: Homes) throws(DSXError) -> EvaluationShards {
    EvaluationShards(
      try choice.cells(settings, process, homes), output: output.output ?? "reports/eval",
      overwrite: output.overwrite, tool: "dsx " + Version.current,
      runner: CellRunner(
        homes: homes, cache: output.noCache ? nil : CellRunner.defaultCache(homes)))
  }
}

/// `dsx eval plan`: cuts the examples into shards.
struct EvalPlan: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Count the examples, cut them into shards, and make OUTPUT.work.",
    discussion: """
      Takes the options of 'dsx eval', also several models and data sets: the shards of all cells
      belong to one step. Shards follow from the data and --shard-examples, never from the number
      of workers. Prints the path of the work folder, then the step with its number of shards.

      Example:
        dsx eval plan --model models/nanogpt_zh --dataset ddtp_zh --output out
        dsx eval run --shard 0..3 out.work
        dsx eval merge out.work
      """)

  @OptionGroup(title: "What is evaluated") var choice: EvalChoice
  @OptionGroup(title: "How") var settings: EvalSettings
  @OptionGroup(title: "Output") var output: EvalOutput
  @OptionGroup(title: "Running") var process: EvalProcess
  @OptionGroup(title: "Shards") var size: ShardExamples
  @OptionGroup(visibility: .hidden) var watch: WatchOptions

  func run() throws {
    guard watch.watch == nil else {
      throw DSXError(.usage, "--watch looks at one folder again and again; it has no shards")
    }
    guard [.text, .json].contains(process.format) else {
      throw DSXError(.usage, "a plan is printed with --format text or json")
    }
    var words = PlanWords.behind(["eval", "plan"]) { (try? EvalPlanArguments.parse($0)) != nil }
    let homes = Homes.current()
    if output.output == nil {
      // One folder for all processes: its name has the time in it.
      let cells = try choice.cells(settings, process, homes)
      let stamp = RunStamp(name: cells.count == 1 ? cells[0].name : "eval", identity: "")
      words += ["--output", FilePath.join("reports", stamp.name)]
    }
    try PlanWords.show(json: process.format == .json) {
      try EvalPlanArguments.parse(words).shards(process, homes).plan(
        shardExamples: size.shardExamples, command: PlannedCommand(arguments: words))
    }
  }
}
