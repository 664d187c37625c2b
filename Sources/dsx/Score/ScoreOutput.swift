internal import ArgumentParser
internal import DSXCore
internal import Metrics
internal import Reports

/// How results are printed.
struct ScoreOutputOptions: ParsableArguments {
  /// The forms.
  enum Format: String, CaseIterable, ExpressibleByArgument { case text, json, markdown, latex, csv }

  @Option(help: "How results are printed: text, json, markdown, latex or csv.")
  var format = Format.text

  /// The whole report as text.
  func render(_ report: ScoreReport) -> String {
    switch format {
    case .json: return report.json.text(.indented) + "\n"
    case .csv: return TableFormat.csv.render(ScoreTables.flat(report))
    case .latex:
      var text = LaTeXTable.render(ScoreTables.all(report))
      if let column = report.sliceColumn {
        text += "\n" + LaTeXTable.render(ScoreTables.slices(report, column))
      }
      return text + "\n" + LaTeXTable.render(ScoreTables.signatures(report))
    case .markdown, .text:
      let form: TableFormat = format == .text ? .text : .markdown
      var text = form.render(ScoreTables.all(report))
      if let column = report.sliceColumn {
        text += "\n" + form.render(ScoreTables.slices(report, column))
      }
      return text + "\n" + form.render(ScoreTables.signatures(report))
    }
  }
}

/// The tables of a score report.
enum ScoreTables {
  /// One row a metric, and one below it for each further score.
  static func all(_ report: ScoreReport) -> Table {
    var rows: [[Table.Cell]] = []
    for line in report.lines {
      rows.append([Table.Cell(line.key)] + cells(line))
      for score in line.scores.dropFirst() {
        rows.append([
          Table.Cell("  " + score.name), Table.Cell(ScoreNumber.text(score.value, line.unit)),
        ])
      }
    }
    return Table(columns: [.words("metric")] + columns(report.lines), rows: rows)
  }

  /// One row a slice and metric.
  static func slices(_ report: ScoreReport, _ column: String) -> Table {
    var rows: [[Table.Cell]] = []
    for slice in report.slices {
      for line in slice.lines {
        rows.append([Table.Cell(slice.value), Table.Cell(line.key)] + cells(line))
      }
    }
    return Table(
      columns: [.words(column), .words("metric")] + columns(report.lines), rows: rows)
  }

  /// What makes the numbers: settings and the interval's method.
  static func signatures(_ report: ScoreReport) -> Table {
    Table(
      columns: [.words("metric"), .words("signature"), .words("interval")],
      rows: report.lines.map { line in
        [
          Table.Cell(line.key), Table.Cell(line.signature, style: .code),
          Table.Cell(line.interval?.method ?? "none"),
        ]
      })
  }

  /// Everything in one table of full digits, for other programs.
  static func flat(_ report: ScoreReport) -> Table {
    func number(_ value: Double?) -> Table.Cell { Table.Cell(value?.description ?? "") }
    var rows: [[Table.Cell]] = []
    for (slice, lines) in [("", report.lines)] + report.slices.map({ ($0.value, $0.lines) }) {
      for line in lines {
        for (place, score) in line.scores.enumerated() {
          let interval = place == 0 ? line.interval : nil
          rows.append([
            Table.Cell(slice), Table.Cell(line.key), Table.Cell(place == 0 ? "score" : score.name),
            number(score.value), number(interval?.low), number(interval?.high),
            number(interval?.standardError), Table.Cell(String(line.count)),
            Table.Cell(line.unit), Table.Cell(line.signature),
            Table.Cell(interval?.method ?? ""),
          ])
        }
      }
    }
    let names = [
      report.sliceColumn ?? "slice", "metric", "score", "value", "low", "high", "stderr", "n",
      "unit", "signature", "interval",
    ]
    return Table(columns: names.map { .words($0) }, rows: rows)
  }

  private static func columns(_ lines: [ScoreReport.Line]) -> [Table.Column] {
    let level = lines.compactMap(\.interval).first?.level
    let head = level.map { ScoreNumber.percent($0) + " interval" } ?? "interval"
    return [.numbers("score"), .words(""), .numbers(head), .numbers("n"), .words("unit")]
  }

  private static func cells(_ line: ScoreReport.Line) -> [Table.Cell] {
    [
      Table.Cell(ScoreNumber.text(line.value, line.unit), style: .strong),
      Table.Cell(line.higherIsBetter ? "↑" : "↓"),
      Table.Cell(ScoreNumber.text(line.interval, line.unit)),
      Table.Cell(NumberFormat.grouped(line.count)), Table.Cell(line.unit),
    ]
  }
}

/// Numbers of scores as text.
enum ScoreNumber {
  /// Two decimals of percentages, four of what lies about 1, fewer of large numbers.
  static func text(_ value: Double?, _ unit: String) -> String {
    guard let value else { return NumberFormat.missing }
    return NumberFormat.fixed(value, decimals(value, unit))
  }

  /// `0.61 .. 0.68`.
  static func text(_ interval: Interval?, _ unit: String) -> String {
    guard let interval else { return NumberFormat.missing }
    // Both ends with the digits of the larger one.
    let places = decimals(max(abs(interval.low), abs(interval.high)), unit)
    return NumberFormat.fixed(interval.low, places) + " .. "
      + NumberFormat.fixed(interval.high, places)
  }

  /// A difference with its sign.
  static func signed(_ value: Double?, _ unit: String) -> String {
    guard let value else { return NumberFormat.missing }
    return NumberFormat.signed(value, decimals(value, unit))
  }

  /// `95 %`, `99.9 %`.
  static func percent(_ level: Double) -> String {
    let value = level * 100
    return value == value.rounded() ? "\(Int(value)) %" : "\((value * 10).rounded() / 10) %"
  }

  private static func decimals(_ value: Double, _ unit: String) -> Int {
    if unit == "percent" { return 2 }
    return abs(value) >= 1000 ? 1 : abs(value) >= 10 ? 2 : 4
  }
}
