internal import ArgumentParser

/// `dsx report`: pages and files from what runs have written.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Make pages, tables and JUnit files from report.json, and an index over runs.",
    discussion: """
      Examples:
        dsx report render reports/sample
        dsx report render night/report.json --format junit,md --output ci
        dsx report index reports
      """,
    subcommands: [ReportRender.self, ReportIndexCommand.self])
}
