internal import ArgumentParser
internal import Records

/// `dsx records export FILE`
struct RecordsExport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Print all rows as JSON lines.",
    discussion: """
      One object a row: numbers and strings as JSON, non-finite floats as "NaN", \
      "Infinity", "-Infinity", bytes as {"base64"}, arrays as {"dtype", "shape", \
      "data"} with flat data. 'dsx records write' takes these lines again.

      Example:
        dsx records export prepared.mindrecord > rows.jsonl
      """)

  @Argument(help: "A data file of the set.") var file: String
  @OptionGroup var reading: RecordsReading

  func run() throws {
    let reader = try RecordReader(path: file, verify: reading.isVerified)
    var printer = try RecordsPrinter(reader)
    try printer.print(.stored(0..<reader.count))
  }
}
