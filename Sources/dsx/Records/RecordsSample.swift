internal import ArgumentParser
internal import DSXCore
internal import Records

/// `dsx records sample FILE -n K`
struct RecordsSample: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sample",
    abstract: "Draw rows without replacement.",
    discussion: """
      The sample is the first K rows of the order that --seed shuffles the set into, so \
      a larger K only adds rows. They come in stored order, or in the drawn one.

      Examples:
        dsx records sample prepared.mindrecord -n 100 --seed 7
        dsx records sample news.mindrecord -n 100 --where "label = 'a'" \\
            --output a.mindrecord
      """)

  @Argument(help: "A data file of the set.") var file: String
  @Option(name: .customShort("n"), help: "How many rows.") var rows: Int
  @Option(help: "The seed.") var seed: UInt64 = 0
  @Option(help: "The order of the sample: stored or drawn.") var order: RecordsSampleOrder = .stored
  @Option(help: "Only these fields, separated by commas, in this order.") var fields: NameList?
  @OptionGroup var condition: RecordsCondition
  @Option(name: .shortAndLong, help: "Write the rows to this record set instead of printing them.")
  var output: String?
  @OptionGroup var layout: RecordsLayout
  @OptionGroup var reading: RecordsReading

  func validate() throws {
    guard rows >= 0 else { throw ValidationError("-n must not be negative") }
    guard output == nil || fields == nil else {
      throw ValidationError("--output writes whole rows: leave out --fields")
    }
    guard condition.text == nil || order == .stored else {
      throw ValidationError("with --where the sample comes in stored order only")
    }
    try condition.check()
    try layout.check(output: output)
  }

  func run() throws {
    let reader = try RecordReader(path: file, verify: reading.isVerified)
    let selection: RowSelection
    if let query = try condition.query(reader) {
      let count = try query.count()
      selection = .drawnMatching(
        query, RowOrder(0..<count, seed: seed), positions: 0..<min(rows, count))
    } else {
      let all = RowOrder(0..<reader.count, seed: seed)
      let positions = 0..<min(rows, reader.count)
      selection =
        order == .stored
        ? .drawn(all, positions: positions) : .ordered(all, positions: positions)
    }
    guard let output else {
      var printer = try RecordsPrinter(reader, fields: fields?.names)
      try printer.print(selection)
      return
    }
    let job = RecordsJob(
      "sample", output: output, layout: layout, sets: [reader],
      options: [
        "n": .int(Int64(rows)), "seed": .string(String(seed)), "order": .string(order.rawValue),
        "where": condition.text.map { .string($0) } ?? .null, "scan": .bool(condition.scan),
      ])
    let outcome = try job.run(schema: reader.schema, rows: selection.count) {
      (writer, progress) throws(DSXError) in
      try writer.append(selection, of: reader, progress: progress)
    }
    layout.report([outcome])
  }
}

/// The order that a sample comes in.
enum RecordsSampleOrder: String, ExpressibleByArgument, CaseIterable {
  case stored, drawn
}
