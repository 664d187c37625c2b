internal import ArgumentParser
internal import DSXCore
internal import Records

/// `dsx records diff A B`
struct RecordsDiff: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Compare two sets: schema, number of rows, values.",
    discussion: """
      Rows are compared by their numbers, values exactly; how rows lie in files and pages \
      does not matter. Exit code 0 when nothing differs, 7 when something does.

      Example:
        dsx records diff before.mindrecord after.mindrecord --limit 3
      """)

  @Argument(help: "A data file of the first set.") var left: String
  @Argument(help: "A data file of the second set.") var right: String
  @Option(help: "Only these fields, separated by commas.") var fields: NameList?
  @Option(help: "How many differing values are listed.") var limit = 10
  @Option(help: "Output format: text or json.") var format: RecordsFormat = .text
  @OptionGroup var reading: RecordsReading

  func validate() throws {
    guard limit >= 0 else { throw ValidationError("--limit must not be negative") }
  }

  func run() throws {
    let first = try RecordReader(path: left, verify: reading.isVerified)
    let second = try RecordReader(path: right, verify: reading.isVerified)
    let sink = StderrProgress()
    let total = min(first.count, second.count)
    let diff = try RecordDiff(first, second, fields: fields?.names, limit: limit) { done in
      sink.report(Progress(phase: "records diff", done: done, total: total, unit: "rows"))
    }
    sink.finish()
    Output.line(format == .json ? json(diff).text(.indented) : text(diff))
    guard diff.isEmpty else {
      throw DSXError(.different, "the record sets '\(left)' and '\(right)' differ")
    }
  }

  private func text(_ diff: RecordDiff) -> String {
    guard !diff.isEmpty else { return "equal: \(diff.rows.left) rows" }
    var lines = diff.schema
    if diff.rows.left != diff.rows.right {
      lines.append("rows: \(diff.rows.left), there \(diff.rows.right)")
    }
    for difference in diff.differences {
      lines.append(
        "row \(difference.row), field '\(difference.field)': \(difference.left), "
          + "there \(difference.right)")
    }
    let common = min(diff.rows.left, diff.rows.right)
    lines.append("\(diff.differingRows) of \(common) rows differ")
    return lines.joined(separator: "\n")
  }

  private func json(_ diff: RecordDiff) -> JSONValue {
    [
      "equal": .bool(diff.isEmpty), "schema": .array(diff.schema.map { .string($0) }),
      "rows": [.int(Int64(diff.rows.left)), .int(Int64(diff.rows.right))],
      "differing_rows": .int(Int64(diff.differingRows)),
      "differences": .array(
        diff.differences.map { difference in
          [
            "row": .int(Int64(difference.row)), "field": .string(difference.field),
            "left": .string(difference.left), "right": .string(difference.right),
          ]
        }),
    ]
  }
}
