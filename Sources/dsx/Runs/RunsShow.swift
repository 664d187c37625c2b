internal import ArgumentParser
internal import DSXCore

/// `dsx runs show`.
struct RunsShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show a run: verdict, cells, results, gates, files.",
    discussion: """
      Example:
        dsx runs show last
      """)

  @Argument(
    help: ArgumentHelp("A run's id, the beginning of one, last, or last-green.", valueName: "run"))
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
