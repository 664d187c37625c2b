internal import ArgumentParser
internal import Records

/// `dsx records info FILE`
struct RecordsInfo: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "Show schema, rows, shards, sizes, page counts and index fields.",
    discussion: """
      Examples:
        dsx records info --format json prepared.mindrecord
        dsx records info --schema prepared.mindrecord > schema.json
      """)

  @Argument(help: "A data file of the set.") var file: String
  @Option(help: "Output format: text or json.") var format: RecordsFormat = .text
  @Flag(help: "Print the schema as 'dsx records write' takes it.") var schema = false
  @OptionGroup var reading: RecordsReading

  func validate() throws {
    guard !schema || format == .text else {
      throw ValidationError("--schema is JSON already: leave out --format")
    }
  }

  func run() throws {
    let info = try RecordReader(path: file, verify: reading.isVerified).info
    guard !schema else {
      Output.line(info.schema.json.text(.indented))
      return
    }
    Output.line(format == .json ? info.json.text(.indented) : info.text)
  }
}
