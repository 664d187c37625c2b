internal import ArgumentParser
internal import DSXCore
internal import Datasets
internal import Reports

/// `dsx datasets head NAME`
struct DatasetsHead: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "head",
    abstract: "Print the first rows of a split, or of any file or folder.",
    discussion: """
      Types are decided over the whole split first. JSON is one object a line; bytes are \
      {"base64"}. Text cuts long cells (--width).

      Examples:
        dsx datasets head ddtp_zh --split train --rows 3
        dsx datasets head rows.csv --columns id,text --format json
        dsx datasets head old.csv --delimiter ';' --encoding gb18030 \\
            --on-bad-row skip
      """)

  /// How rows are printed.
  enum Layout: String, ExpressibleByArgument, CaseIterable { case text, json, csv }

  @OptionGroup var choice: DatasetChoice
  @Option(name: [.customShort("n"), .long], help: "How many rows.") var rows = 10
  @Option(help: "Only these columns, separated by commas, in this order.") var columns: NameList?
  @Option(help: "Characters of a cell before it is cut (text only).") var width = 40
  @Option(help: "What a row that cannot be read does: error or skip.")
  var onBadRow: RecordsBadRow = .error
  @OptionGroup var table: DatasetTableOptions
  @Option(help: "How rows are printed: text, json or csv.") var format: Layout = .text

  func validate() throws {
    try DatasetsReport.checkColumns(columns)
    guard rows >= 0 else { throw ValidationError("--rows must not be negative") }
    guard width >= 1 else { throw ValidationError("--width must be at least 1") }
  }

  func run() throws {
    let dataset = try choice.split(Homes.current())
    var options = try table.options(for: dataset) ?? dataset.options
    options.columns = columns?.names
    options.onBadRow = onBadRow == .skip ? .skip : .refuse
    options.batchRows = max(1, min(rows, 1024))
    var cursor = try dataset.rows(options)
    var left = rows
    var cells: [[Reports.Table.Cell]] = []
    while left > 0, let batch = try cursor.next() {
      for row in 0..<min(left, batch.rows) {
        let values = batch.columns.indices.map { CellValue(batch, column: $0, row: row) }
        switch format {
        case .json:
          let members = zip(batch.schema.fields, values).map {
            JSONValue.Member($0.name, $1.json)
          }
          Output.line(JSONValue.object(members).text(.spaced))
        case .csv: cells.append(values.map { .init($0.csv) })
        case .text:
          cells.append(values.map { .init(Self.cut($0.text ?? "null", to: width)) })
        }
      }
      left -= min(left, batch.rows)
    }
    if format != .json {
      let heads = cursor.schema.fields.map { field in
        Self.isNumber(field)
          ? Reports.Table.Column.numbers(field.name) : .words(field.name)
      }
      let table = Reports.Table(columns: heads, rows: cells)
      let layout: Reports.TableFormat = format == .csv ? .csv : .text
      Output.write(Array(layout.render(table).utf8))
    }
    DatasetsReport.skipped(cursor.badRows)
  }

  private static func isNumber(_ field: Field) -> Bool {
    switch field.feature {
    case .classLabel, .bool: false
    default: field.type != .string && field.type != .bytes && field.shape == nil
    }
  }

  /// The first characters of a cell.
  private static func cut(_ text: String, to width: Int) -> String {
    text.count > width ? String(text.prefix(width)) + "…" : text
  }
}

/// What several commands say alike.
enum DatasetsReport {
  /// Refuses a column that is asked for twice.
  static func checkColumns(_ columns: NameList?) throws {
    var seen: Set<String> = []
    if let twice = columns?.names.first(where: { !seen.insert($0).inserted }) {
      throw ValidationError("--columns names '\(twice)' twice")
    }
  }

  /// Says on stderr how many rows were left out, and why.
  static func skipped(_ bad: BadRows) {
    skipped(bad.count, bad.reasons)
  }

  /// The same, counted elsewhere.
  static func skipped(_ count: Int, _ reasons: [DSXError]) {
    guard count > 0 else { return }
    Output.message("dsx: \(count) row\(count == 1 ? " was" : "s were") skipped")
    for reason in reasons { Output.message("  " + reason.description) }
  }
}
