internal import ArgumentParser
internal import Evaluation

/// `dsx runs add`.
struct RunsAdd: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add", abstract: "Take finished run folders into the history.",
    discussion: """
      Example:
        dsx runs add reports/20261121-*/

      For single evaluations, and for making a lost history again from its folders. A run that is \
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
