internal import ArgumentParser
internal import Records

/// `dsx records info FILE`
struct RecordsInfo: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "Show schema, rows, shards, sizes, page counts and index fields.",
    discussion: """
      Example:
        dsx records info --format json prepared.mindrecord
      """)

  @Argument(help: "A data file of the set.") var file: String
  @Option(help: "Output format: text or json.") var format: RecordsFormat = .text
  @OptionGroup var reading: RecordsReading

  func run() throws {
    let info = try RecordReader(path: file, verify: reading.isVerified).info
    Output.line(format == .json ? info.json.text(.indented) : info.text)
  }
}
