internal import ArgumentParser

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
