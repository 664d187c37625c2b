internal import ArgumentParser
internal import DSXCore
internal import Evaluation

/// `dsx report index`: one page over a folder of runs.
struct ReportIndexCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "index",
    abstract: "Make index.html over the run folders of a folder.",
    discussion: """
      Examples:
        dsx report index reports
        dsx report index reports --output -

      The page shows days, gates by night, trends, the numbers of every run, and any \
      two of them side by side. Runs are found by their report.json; their pages are \
      linked where they are.
      """)

  @Argument(help: ArgumentHelp("The folder that holds run folders.", valueName: "folder"))
  var folder = "reports"
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The file to write; - prints it. Default: index.html in the folder.", valueName: "file|-"))
  var output: String?

  func run() throws {
    let index = try ReportIndex(folder: folder)
    for (path, error) in index.skipped {
      Output.message("dsx: warning: passed over \(path): \(error.message)")
    }
    let page = Array(index.html.utf8)
    if output == "-" { return Output.write(page) }
    let file = output ?? FilePath.join(folder, ReportIndex.fileName)
    try AtomicFolder.write(page, to: file)
    Output.line("\(file): \(index.count) runs")
  }
}
