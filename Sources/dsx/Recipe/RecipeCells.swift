internal import ArgumentParser
internal import DSXCore
internal import Evaluation
internal import Jobs

/// `dsx recipe cells`: a recipe's cells by several processes.
struct RecipeCells: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cells",
    abstract: "Run a recipe's cells in several processes: plan, run, merge.",
    discussion: """
      Example:
        dsx recipe cells plan nightly
        dsx recipe cells run --shard 0..3 reports/nightly-2026-11-21.work
        dsx recipe cells merge reports/nightly-2026-11-21.work

      'plan' lists the cells of 'dsx recipe run', each a shard; 'merge' does what that command does
      at its end, with the same report and exit code.
      """,
    subcommands: [RecipeCellsPlan.self, RecipeCellsRun.self, RecipeCellsMerge.self])
}

/// Everything that `dsx recipe cells plan` takes, as the other processes read it.
struct RecipeCellsArguments: ParsableArguments {
  @Argument(help: ArgumentHelp("A recipe's file, or its name in recipes/.", valueName: "recipe"))
  var recipe: String
  @OptionGroup var night: NightArguments
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The run's folder. Default: REPORTS/RECIPE-NIGHT.", valueName: "folder"))
  var output: String?
  @Flag(help: "Replace another run in that folder.") var overwrite = false
  @Option(help: "How the plan is printed: text or json.") var format = PlainFormat.text

  /// The recipe with its cells; `workers`: threads of this process.
  func shards(workers: Int?, progress: any ProgressSink) throws(DSXError) -> (
    recipe: Recipe, shards: RecipeShards
  ) {
    let found = try RecipePlace.recipe(recipe)
    var options = night.options(
      output: output, overwrite: overwrite, command: night.command(recipe, output: output))
    if let workers { options.workers = workers }
    return (found, RecipeShards(night.runner(found, options, progress: progress)))
  }
}

/// `dsx recipe cells plan`: lists the cells.
struct RecipeCellsPlan: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Open every model and data set, and make REPORTS/RECIPE-NIGHT.work.",
    discussion: """
      A shard is a cell. Cells that an earlier night has are taken from there, unless --fresh.
      Prints the path of the work folder, then the step with its number of shards.

      Example:
        dsx recipe cells plan nightly --night 2026-11-21
      """)

  @OptionGroup var arguments: RecipeCellsArguments

  func run() throws {
    var words = PlanWords.behind(["recipe", "cells", "plan"]) {
      (try? RecipeCellsArguments.parse($0)) != nil
    }
    // The same night for all processes, also after midnight.
    if arguments.night.night == nil { words += ["--night", Moment.today()] }
    let progress = StderrProgress()
    let (_, shards) = try RecipeCellsArguments.parse(words).shards(workers: nil, progress: progress)
    try PlanWords.show(json: arguments.format == .json) {
      try shards.plan(command: PlannedCommand(arguments: words))
    }
  }
}

/// `dsx recipe cells run`: evaluates cells.
struct RecipeCellsRun: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Evaluate cells in a work folder; several processes may do so at the same time.",
    discussion: """
      Without --shard it makes every cell that nobody has made or is making. A cell that cannot be
      evaluated is a result of the night, as in one process; errors of reading and writing fail the
      shard, so that it can be tried again.

      Example:
        dsx recipe cells run --shard 2 reports/nightly-2026-11-21.work
      """)

  @Argument(
    help: ArgumentHelp(
      "The work folder that 'dsx recipe cells plan' made, or the run's folder.", valueName: "work"))
  var work: String
  @OptionGroup var shards: ShardArguments
  @Option(help: "Threads; never changes the results. Default: as planned.") var workers: Int?

  func validate() throws {
    guard workers ?? 1 >= 1 else { throw ValidationError("--workers must be at least 1") }
  }

  func run() throws {
    let selection = try shards.selection()
    let planned = try PlannedWork(work, kind: RecipeShards.kind, RecipeCellsArguments.self)
    let progress = StderrProgress()
    defer { progress.finish() }
    let (_, night) = try planned.arguments.shards(workers: workers, progress: progress)
    try night.run(planned.path, selection, verify: shards.verify)
    progress.finish()
    Output.message("dsx: the cells are finished")
  }
}

/// `dsx recipe cells merge`: ends the night.
struct RecipeCellsMerge: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Check that all cells are there; compare, judge, report, as 'dsx recipe run' does.",
    discussion: """
      report.json is that of 'dsx recipe run', byte for byte but for 'runtime'; so are the gates and
      the exit code: 100 when a required gate failed, 5 when examples or cells are missing. The run
      goes into the history, and the notify command is told. Missing cells are listed, and the exit
      code is 5; --partial ends the night without them.

      Example:
        dsx recipe cells merge reports/nightly-2026-11-21.work
      """)

  @Argument(
    help: ArgumentHelp(
      "The work folder that 'dsx recipe cells plan' made, or the run's folder.", valueName: "work"))
  var work: String
  @OptionGroup var merging: MergeArguments
  @Flag(help: "Count cells whose parts are missing as failed, instead of waiting for them.")
  var partial = false
  @Option(help: "How the results are printed: text or json.") var format = PlainFormat.text

  func run() throws {
    let planned = try PlannedWork(work, kind: RecipeShards.kind, RecipeCellsArguments.self)
    let progress = StderrProgress()
    defer { progress.finish() }
    let (recipe, shards) = try planned.arguments.shards(workers: nil, progress: progress)
    let outcome = try shards.merge(
      planned.path, partial: partial, keepsWork: merging.keepWork)
    progress.finish()
    try NightRendering.end(outcome, recipe, format)
  }
}
