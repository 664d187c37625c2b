internal import ArgumentParser
internal import DSXCore
internal import Evaluation

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
