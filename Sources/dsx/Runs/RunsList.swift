internal import ArgumentParser
internal import DSXCore
internal import Evaluation
internal import Reports

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
