internal import ArgumentParser
internal import DSXCore
internal import Evaluation
internal import Reports

/// `dsx runs`: the history of runs.
struct RunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs",
    abstract: "The history of runs: list, show, compare, trends, export, prune.",
    discussion: """
      Examples:
        dsx runs list
        dsx runs compare last-green last
        dsx runs trend --dataset ddtp_zh --metric accuracy

      The history is the file history.db in the reports' folder. A run is named by its id, the
      beginning of one, 'last', or 'last-green' (the newest that passed).
      """,
    subcommands: [
      RunsAdd.self, RunsCheck.self, RunsCompare.self, RunsExport.self, RunsList.self,
      RunsPrune.self, RunsShow.self, RunsTrend.self,
    ])
}

/// Where the history lies.
struct HistoryOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The reports' folder with history.db.", valueName: "folder"))
  var reports = "reports"

  var path: String { RunHistory.path(in: reports) }

  /// The history for reading; none is an error.
  func reading() throws(DSXError) -> RunHistory {
    guard let history = try RunHistory.reading(path) else {
      throw DSXError(
        .nothingToDo, "there is no history yet", file: path,
        hint: "dsx recipe run writes one; dsx runs add takes run folders into it")
    }
    return history
  }
}

/// Text or JSON.
enum PlainFormat: String, CaseIterable, ExpressibleByArgument { case text, json }

/// `dsx runs list`.
struct RunsList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the runs, the newest first.",
    discussion: """
      Example:
        dsx runs list --recipe nightly --limit 14
      """)

  @Option(help: "Only runs of that recipe.") var recipe: String?
  @Option(help: ArgumentHelp("Only the newest runs.", valueName: "count")) var limit = 30
  @OptionGroup var history: HistoryOptions
  @Option(help: "How the list is printed: text or json.") var format = PlainFormat.text

  func validate() throws {
    guard limit >= 1 else { throw ValidationError("--limit must be at least 1") }
  }

  func run() throws {
    let runs = try history.reading().runs(recipe: recipe, limit: limit)
    if format == .json {
      return Output.line(JSONValue.array(runs.map(RunText.json)).text(.indented))
    }
    Output.write(Array(TableFormat.text.render(RunText.table(runs)).utf8))
  }
}

/// `dsx runs show`.
struct RunsShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show a run: verdict, cells, results, gates, files.",
    discussion: """
      Example:
        dsx runs show last
      """)

  @Argument(help: ArgumentHelp("A run's id, the beginning of one, last, or last-green.", valueName: "run"))
  var name: String
  @OptionGroup var history: HistoryOptions
  @Option(help: "How the run is printed: text or json.") var format = PlainFormat.text

  func run() throws {
    let history = try history.reading()
    guard let found = try history.run(history.resolve(name)) else {
      throw DSXError(.internal, "a run that was found is not there")
    }
    if format == .json { return Output.line(RunText.wholeJSON(found).text(.indented)) }
    Output.write(Array(RunText.text(found).utf8))
  }
}

/// `dsx runs check`.
struct RunsCheck: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Check the whole history file.",
    discussion: """
      Example:
        dsx runs check

      Pages, indices and references; a damaged file is exit code 3.
      """)

  @OptionGroup var history: HistoryOptions

  func run() throws {
    let opened = try history.reading()
    try opened.check()
    Output.line("\(history.path): \(try opened.runs().count) runs, no fault found")
  }
}

/// `dsx runs add`.
struct RunsAdd: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add", abstract: "Take finished run folders into the history.",
    discussion: """
      Example:
        dsx runs add reports/20261121-*/

      For single evaluations, and for making a lost history again from its folders. A run that is
      there already is replaced.
      """)

  @Argument(help: "Folders that dsx eval or dsx recipe run wrote.") var folders: [String]
  @OptionGroup var history: HistoryOptions

  func run() throws {
    var records: [RunRecord] = []
    for folder in folders {
      records.append(try RunRecord(folder: folder, reports: history.reports))
    }
    let opened = try RunHistory.writing(history.path)
    for record in records {
      try opened.record(record)
      Output.line("\(record.id): \(record.cells.count) cells")
    }
    try opened.close()
  }
}

/// `dsx runs prune`.
struct RunsPrune: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prune", abstract: "Remove old runs, but never a baseline.",
    discussion: """
      Examples:
        dsx runs prune --keep-runs 60
        dsx runs prune --keep-runs 14 --keep-days 90 --folders --dry-run

      A run is kept when either rule keeps it. Runs that others were compared with, and the newest
      green run of each recipe, always stay.
      """)

  @Option(help: ArgumentHelp("Keep the newest runs of each recipe.", valueName: "count"))
  var keepRuns: Int?
  @Option(help: ArgumentHelp("Keep runs younger than that.", valueName: "days")) var keepDays: Int?
  @Option(help: "Only runs of that recipe.") var recipe: String?
  @Flag(help: "Remove the runs' folders too.") var folders = false
  @Flag(help: "Only say what would be removed.") var dryRun = false
  @OptionGroup var history: HistoryOptions

  func validate() throws {
    guard keepRuns != nil || keepDays != nil else {
      throw ValidationError("say what is kept: --keep-runs COUNT, --keep-days DAYS, or both")
    }
    guard keepRuns ?? 1 >= 1, keepDays ?? 1 >= 1 else {
      throw ValidationError("--keep-runs and --keep-days must be at least 1")
    }
  }

  func run() throws {
    let rule = KeepRule(runs: keepRuns, days: keepDays)
    let opened = dryRun ? try history.reading() : try writing()
    let pruned = try RunPruner.prune(
      opened, rule, today: Moment.now(), recipe: recipe, folders: folders, dryRun: dryRun)
    try opened.close()
    for id in pruned { Output.line(id) }
    Output.message(
      "dsx: \(pruned.count) runs " + (dryRun ? "would be removed" : "removed"))
  }

  private func writing() throws(DSXError) -> RunHistory {
    _ = try history.reading()
    return try RunHistory.writing(history.path)
  }
}
