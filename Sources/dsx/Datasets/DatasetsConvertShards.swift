internal import ArgumentParser
internal import DSXCore
internal import Datasets
internal import Jobs

/// Everything that `dsx datasets convert plan` takes, as the other processes read it.
struct ConvertPlanArguments: ParsableArguments {
  @OptionGroup var arguments: ConvertArguments
  @Option(
    help: ArgumentHelp(
      "Rows in each shard, rounded up to a multiple of 1024. Default: 65536, doubled for a large split "
        + "until it has at most 256 shards.", valueName: "count"))
  var shardRows: Int?
  @Option(help: "How the plan is printed: text or json.") var format: DatasetsFormat = .text

  /// The conversion in shards, with its splits.
  func shards(_ homes: Homes) throws -> (splits: [MsDataset], shards: ConversionShards) {
    guard let output = arguments.output else {
      throw DSXError(
        .usage, "a plan needs --output: the cache is filled by one process",
        hint: "'dsx datasets convert' without 'plan' fills it")
    }
    let splits = try arguments.splits(homes)
    var jobs: [ConversionShards.Split] = []
    for dataset in splits {
      guard let target = try arguments.target(dataset) else { continue }
      jobs.append(
        ConversionShards.Split(
          try DatasetConversion(dataset, options: try arguments.options(dataset), homes: homes),
          target: target))
    }
    return (splits, arguments.shards(jobs, output))
  }
}

/// `dsx datasets convert plan`: cuts the rows into shards.
struct DatasetsConvertPlan: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert-plan",
    abstract: "'convert plan': cut the rows of each split into shards, and make OUTPUT.work.",
    discussion: """
      Takes the options of 'dsx datasets convert'; --output is needed. Shards follow from the data
      and --shard-rows, never from the number of workers. Prints the path of the work folder, then
      the step with its number of shards.

      Example:
        dsx datasets convert plan rows.csv --output rows.mindrecord
        dsx datasets convert run --shard 0..3 rows.mindrecord.work
        dsx datasets convert merge rows.mindrecord.work
      """)

  @OptionGroup var arguments: ConvertPlanArguments

  func run() throws {
    LargeBlocks.goBackToTheSystem()
    let words = PlanWords.behind(["datasets", "convert-plan"]) {
      (try? ConvertPlanArguments.parse($0)) != nil
    }
    try PlanWords.show(json: arguments.format == .json) {
      try arguments.shards(Homes.current()).shards.plan(
        shardRows: arguments.shardRows, command: PlannedCommand(arguments: words))
    }
  }
}

/// `dsx datasets convert run`: makes parts of a planned conversion.
struct DatasetsConvertRun: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert-run",
    abstract: "'convert run': make parts in a work folder, also by several processes at once.",
    discussion: """
      Without --shard it makes every part that nobody has made or is making. Parts that are finished
      are passed over.

      Example:
        dsx datasets convert run --shard 17 rows.mindrecord.work
      """)

  @Argument(
    help: ArgumentHelp(
      "The work folder that 'dsx datasets convert plan' made, or its output.", valueName: "work"))
  var work: String
  @OptionGroup var shards: ShardArguments

  func run() throws {
    LargeBlocks.goBackToTheSystem()
    let selection = try shards.selection()
    let planned = try PlannedWork(work, kind: ConversionShards.kind, ConvertPlanArguments.self)
    let sink = StderrProgress()
    defer { sink.finish() }
    try planned.arguments.shards(Homes.current()).shards.run(
      planned.path, selection, verify: shards.verify
    ) { done, total in
      sink.report(Progress(phase: "converting", done: done, total: total, unit: "rows"))
    }
    sink.finish()
    Output.message("dsx: the parts are finished")
  }
}

/// `dsx datasets convert merge`: finished parts to record sets.
struct DatasetsConvertMerge: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert-merge",
    abstract: "'convert merge': check that all parts are there, and write the record sets.",
    discussion: """
      The sets are those of 'dsx datasets convert' in one process, byte for byte. Missing and damaged
      parts are listed, and the exit code is 5. The work folder is removed at the end.

      Example:
        dsx datasets convert merge rows.mindrecord.work
      """)

  @Argument(
    help: ArgumentHelp(
      "The work folder that 'dsx datasets convert plan' made, or its output.", valueName: "work"))
  var work: String
  @OptionGroup var merging: MergeArguments
  @Option(help: "How the result is reported: text or json.") var format: DatasetsFormat = .text

  func run() throws {
    LargeBlocks.goBackToTheSystem()
    let planned = try PlannedWork(work, kind: ConversionShards.kind, ConvertPlanArguments.self)
    let (splits, shards) = try planned.arguments.shards(Homes.current())
    let sink = StderrProgress()
    defer { sink.finish() }
    let outcomes = try shards.merge(planned.path, keepsWork: merging.keepWork) { done, total in
      sink.report(Progress(phase: "merging", done: done, total: total, unit: "rows"))
    }
    sink.finish()
    let pairs = Array(zip(splits, outcomes))
    for (dataset, outcome) in pairs {
      if format == .text { ConvertReport.show(dataset, outcome) }
      DatasetsReport.skipped(outcome.skipped, outcome.reasons)
    }
    if format == .json { ConvertReport.json(pairs) }
  }
}
