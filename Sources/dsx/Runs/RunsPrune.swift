internal import ArgumentParser
internal import DSXCore
internal import Evaluation

/// `dsx runs prune`.
struct RunsPrune: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prune", abstract: "Remove old runs, but never a baseline.",
    discussion: """
      Examples:
        dsx runs prune --keep-runs 60
        dsx runs prune --keep-runs 14 --keep-days 90 --folders --dry-run

      A run is kept when either rule keeps it. Runs that others were compared with, and the newest \
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
