internal import ArgumentParser
internal import DSXCore
internal import Records

/// `dsx records query FILE --where CONDITION`
struct RecordsQuery: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "query",
    abstract: "Print the rows that fulfil a condition on index fields.",
    discussion: """
      A condition compares fields with values: = != < <= > >=, IN (...), BETWEEN ... AND \
      ..., LIKE 'a%', IS NULL, combined by AND, OR, NOT and brackets. Text stands in \
      'quotes'. The index says where to look; the values are those of the pages.

      Examples:
        dsx records query news.mindrecord \\
            --where "label = 'news_tech' AND score > 0.5"
        dsx records query news.mindrecord --where "label IN ('a', 'b')" --count
        dsx records query news.mindrecord --where "n >= 5" --output large.mindrecord
      """)

  @Argument(help: "A data file of the set.") var file: String
  @Option(
    name: .customLong("where"), help: "The condition, e.g. \"label = 'a' AND score > 0.5\".")
  var condition: String
  @Flag(
    help: "Test every row of the pages instead of asking the index: any scalar field may be named.")
  var scan = false
  @Option(help: "Only these fields, separated by commas, in this order.") var fields: NameList?
  @Option(help: "At most so many rows.") var limit: Int?
  @Flag(help: "Print only how many rows there are.") var count = false
  @Option(name: .shortAndLong, help: "Write the rows to this record set instead of printing them.")
  var output: String?
  @OptionGroup var layout: RecordsLayout
  @OptionGroup var reading: RecordsReading

  func validate() throws {
    guard limit ?? 0 >= 0 else { throw ValidationError("--limit must not be negative") }
    guard !count || (fields == nil && limit == nil && output == nil) else {
      throw ValidationError("--count goes with neither --fields, --limit nor --output")
    }
    guard output == nil || (fields == nil && limit == nil) else {
      throw ValidationError("--output writes whole rows, all of them: leave out --fields, --limit")
    }
    try layout.check(output: output)
  }

  func run() throws {
    let reader = try RecordReader(path: file, verify: reading.isVerified)
    let query = try RecordQuery(reader, where: condition, scan: scan)
    if count {
      Output.line(String(try query.count()))
    } else if let output {
      let job = RecordsJob(
        "query", output: output, layout: layout, sets: [reader],
        options: ["where": .string(condition), "scan": .bool(scan)])
      let outcome = try job.run(schema: reader.schema, rows: nil) {
        (writer, progress) throws(DSXError) in
        try writer.append(.matching(query), of: reader, progress: progress)
      }
      layout.report([outcome])
    } else {
      var printer = try RecordsPrinter(reader, fields: fields?.names)
      try printer.print(.matching(query), limit: limit)
    }
  }
}
