internal import DSXCore
public import Reports

/// The results of a run as a table for a terminal.
public enum RunTable {
  /// Metric with its direction, value, standard error, interval and number of examples; digits go by the
  /// standard errors.
  public static func table(_ report: RunReport) -> Table {
    let hasUnits = Set(report.results.compactMap(\.unit)).count > 1
    return Table(
      columns: [
        .words("metric"), .numbers("value"), .numbers("± s.e."), .numbers("95% interval"),
        .numbers("n"),
      ],
      rows: report.results.map { result in
        let number = ReportNumber(result.json)
        let interval = result.interval.map { interval in
          ReportNumber.text(interval.low, error: result.standardError) + " .. "
            + ReportNumber.text(interval.high, error: result.standardError)
        }
        return [
          Table.Cell(
            result.metric + (result.higherIsBetter ? " ↑" : " ↓"),
            note: hasUnits ? result.unit : nil),
          Table.Cell(number.value, style: .strong),
          Table.Cell(number.error ?? NumberFormat.missing, style: .muted),
          Table.Cell(interval ?? NumberFormat.missing, style: .muted), .count(result.count),
        ]
      })
  }

  /// The results of several cells: one row a cell and metric.
  public static func table(_ cells: [NightReport.Cell]) -> Table {
    let units = Set(cells.flatMap { $0.report?.results.compactMap(\.unit) ?? [] })
    var rows: [[Table.Cell]] = []
    for cell in cells {
      guard let report = cell.report else {
        rows.append([
          Table.Cell(cell.cell), Table.Cell(cell.status.rawValue), Table.Cell(cell.error ?? ""), "",
          "",
        ])
        continue
      }
      for result in report.results {
        let number = ReportNumber(result.json)
        rows.append([
          Table.Cell(cell.cell),
          Table.Cell(
            result.metric + (result.higherIsBetter ? " ↑" : " ↓"),
            note: units.count > 1 ? result.unit : nil),
          Table.Cell(number.value, style: .strong),
          Table.Cell(number.error ?? NumberFormat.missing, style: .muted), .count(result.count),
        ])
      }
    }
    return Table(
      columns: [
        .words("cell"), .words("metric"), .numbers("value"), .numbers("± s.e."), .numbers("n"),
      ], rows: rows)
  }

  /// A value and its standard error as they stand in tables; large ones with an exponent.
  public static func number(_ value: Double?, standardError: Double?) -> (
    value: String, error: String?
  ) {
    guard let value else { return (NumberFormat.missing, nil) }
    let number = ReportNumber(
      .object([
        .init("value", value == .infinity ? .string("Infinity") : .double(value)),
        .init("standard_error", standardError.map { .double($0) } ?? .null),
      ]))
    return (number.value, number.error)
  }

  /// What a reader of the numbers should know: labels that a macro average counts as 0 because nobody named them.
  public static func note(_ report: RunReport) -> String? {
    let averaged = report.results.map(\.metric).filter { $0.hasPrefix("macro-") }
    let unseen = report.perClass.filter { $0.support == 0 && $0.predicted == 0 }.count
    guard unseen > 0, !averaged.isEmpty else { return nil }
    let those = unseen == 1 ? "label occurs" : "labels occur"
    return
      "\(unseen) of the \(report.perClass.count) \(those) neither in the examples nor in the answers, and "
      + "\(unseen == 1 ? "counts" : "count") as 0 in \(averaged.joined(separator: ", "))"
  }

  /// The same for several cells: one note for each that has one.
  public static func notes(_ cells: [NightReport.Cell]) -> [String] {
    cells.compactMap { cell in cell.report.flatMap(note).map { cell.cell + ": " + $0 } }
  }

  /// What was chosen of the data set, and how it was scored: whatever makes two numbers of one data set
  /// differ.
  public static func selection(_ report: RunReport) -> [String] {
    var facts: [String] = []
    if let subset = report.dataset["subset"]?.string, subset != "default" {
      facts.append("subset " + subset)
    }
    facts.append("split " + (report.dataset["split"]?.string ?? "?"))
    for name in ["compat", "rule"] {
      if let value = report.settings[name]?.string { facts.append(name + " " + value) }
    }
    if let shots = report.settings["few_shot"]?.int, shots > 0 { facts.append("few-shot \(shots)") }
    if let limit = report.settings["limit"]?.int {
      facts.append("only the first \(limit) examples")
    }
    if let sample = report.settings["sample"]?.int { facts.append("a sample of \(sample)") }
    return facts
  }
}
