internal import ArgumentParser
internal import DSXCore
internal import Records

/// How a record set is laid out: options of every command that writes one.
struct RecordsLayout: ParsableArguments {
  @Option(help: "Into how many files the set is divided, 1 to 1000 (default: 1).")
  var shards: Int?
  @Option(help: "Bytes of a page (default: chosen from the data).") var pageSize: Int?
  @Option(help: "Bytes kept for a header (default: chosen from the data).") var headerSize: Int?
  @Flag(help: "Replace an output of dsx that is there already.") var overwrite = false
  @Option(help: "How the result is reported: text or json.") var format: RecordsFormat = .text

  /// Refuses the options when nothing is written.
  func check(output: String?) throws {
    guard output == nil else { return }
    guard shards == nil, pageSize == nil, headerSize == nil, !overwrite else {
      throw ValidationError("--shards, --page-size, --header-size and --overwrite need --output")
    }
  }

  /// The writer's options, for `rows` rows where that is known.
  func options(rows: Int?) -> RecordWriterOptions {
    var options = RecordWriterOptions()
    options.shards = shards ?? 1
    options.pageSize = pageSize
    options.headerSize = headerSize
    options.totalRows = rows
    return options
  }

  /// Says what was written.
  func report(_ outcomes: [RecordsJob.Outcome]) {
    if format == .json {
      let list = outcomes.map(\.json)
      Output.line((list.count == 1 ? list[0] : .array(list)).text(.indented))
      return
    }
    for outcome in outcomes { Output.line(outcome.text) }
  }
}
