internal import ArgumentParser

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

      The history is the file history.db in the reports' folder. A run is named by its id, the \
      beginning of one, 'last', or 'last-green' (the newest that passed).
      """,
    subcommands: [
      RunsAdd.self, RunsCheck.self, RunsCompare.self, RunsExport.self, RunsList.self,
      RunsPrune.self, RunsShow.self, RunsTrend.self,
    ])
}
