internal import ArgumentParser
internal import DSXCore
internal import Glibc
internal import Records

/// `dsx records write --schema S --input I --output X`
struct RecordsWrite: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "write",
    abstract: "Write a record set from JSON lines, refusing every row that is not exactly right.",
    discussion: """
      One object a line, as 'dsx records export' prints them. The schema is a JSON file, \
      as 'dsx records info --schema' prints it. A row with a missing or unknown field, a \
      wrong type, shape or base64, an integer that overflows, or NaN in an index field is \
      an error with its line; with --on-bad-row skip it is counted and left out.

      Examples:
        dsx records info --schema a.mindrecord > schema.json
        dsx records export a.mindrecord | dsx records write \\
            --schema schema.json --input - --output b.mindrecord
        dsx records write --schema schema.json --input rows.jsonl \\
            --output b.mindrecord --on-bad-row skip --bad-rows bad.jsonl
      """)

  @Option(help: "The schema file.") var schema: String
  @Option(help: "The file of JSON lines; - is standard input.") var input: String
  @Option(name: .shortAndLong, help: "The record set to write.") var output: String
  @Option(help: "What a bad row does: error or skip.") var onBadRow: RecordsBadRow = .error
  @Option(help: "Write the skipped rows, with the reasons, to this file (with --on-bad-row skip).")
  var badRows: String?
  @OptionGroup var layout: RecordsLayout

  func validate() throws {
    guard badRows == nil || onBadRow == .skip else {
      throw ValidationError("--bad-rows needs --on-bad-row skip")
    }
  }

  func run() throws {
    let json = try JSONParser.parse(file: schema)
    let record: RecordSchema
    do { record = try RecordSchema(json: json) } catch {
      throw error.inFile(schema)
    }
    let isStream = input == "-" || !Self.isRegular(input)
    let job = RecordsJob(
      "write", output: output, layout: layout,
      inputs: isStream ? [schema] : [schema, input],
      options: [
        "input": .string(isStream ? "stream" : "file"), "on_bad_row": .string(onBadRow.rawValue),
      ])
    if let finished = try job.finished() {
      // What came through a pipe cannot be compared with what comes now.
      guard !isStream else {
        throw DSXError(
          .outputExists, "the output is there already", file: output,
          hint: "add --overwrite to replace it, or choose another --output")
      }
      layout.report([finished])
      return
    }
    let skipped = try badRows.map { path throws(DSXError) in
      try BadRowsFile(
        path, inputs: [schema, input], outputs: job.places, overwrite: layout.overwrite)
    }
    do throws(DSXError) {
      let outcome = try job.write { (target, progress) throws(DSXError) in
        try write(record, to: target, skipped, progress(nil))
      }
      try skipped?.publish()
      layout.report([outcome])
      if onBadRow == .skip { Output.message(Self.summary(outcome)) }
    } catch {
      // The skipped rows are the answer when no row was good.
      if error.code == .nothingToDo { try skipped?.publish() } else { skipped?.discard() }
      throw error
    }
  }

  private func write(
    _ record: RecordSchema, to target: String, _ skipped: BadRowsFile?, _ progress: (Int) -> Void
  ) throws(DSXError) -> (RecordSummary, [JSONValue.Member]) {
    var lines = try ByteLines(path: input == "-" ? nil : input)
    defer { lines.close() }
    var rows =
      onBadRow == .skip
      ? try RecordImport(path: target, schema: record, options: layout.options(rows: nil)) {
        (line) throws(DSXError) in try skipped?.append(line)
      } : try RecordImport(path: target, schema: record, options: layout.options(rows: nil))
    while try lines.next({ (line, _, _) throws(DSXError) in try rows.append(line: line) }) {
      if rows.lines % 1024 == 0 { progress(rows.rows) }
    }
    guard rows.kept > 0 else {
      throw DSXError(
        .nothingToDo,
        rows.rows == 0 ? "the input has no rows" : "all \(rows.rows) rows of the input are bad",
        file: input == "-" ? "standard input" : input)
    }
    let summary: RecordSummary
    do throws(DSXError) { summary = try rows.finish() } catch {
      throw error.location.line == nil ? error : error.inFile(input)
    }
    let counts = rows.skipped.sorted { $0.key.rawValue < $1.key.rawValue }
    return (
      summary,
      [
        JSONValue.Member("read", .int(Int64(rows.rows))),
        JSONValue.Member("skipped", .int(Int64(counts.reduce(0) { $0 + $1.value }))),
        JSONValue.Member(
          "skipped_by_reason",
          .object(counts.map { JSONValue.Member($0.key.rawValue, .int(Int64($0.value))) })),
      ]
    )
  }

  private static func summary(_ outcome: RecordsJob.Outcome) -> String {
    let reasons = outcome.counts.first { $0.name == "skipped_by_reason" }?.value.object ?? []
    let skipped = outcome.counts.first { $0.name == "skipped" }?.value.int ?? 0
    let list = reasons.map { "\($0.name) \($0.value.int ?? 0)" }.joined(separator: ", ")
    return "dsx: \(skipped) rows were skipped" + (list.isEmpty ? "" : ": " + list)
  }

  /// Whether a path can be read twice: to be hashed, and for its rows.
  private static func isRegular(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }
}

/// What happens to a row that cannot be stored.
enum RecordsBadRow: String, ExpressibleByArgument, CaseIterable {
  case error, skip
}
