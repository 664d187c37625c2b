internal import DSXCore
internal import Evaluation
internal import Reports

/// What a recipe's run prints at its end, and the exit code that its verdict means.
enum NightRendering {
  /// Messages, results, gates, verdict. Throws the error that belongs to the verdict.
  static func end(_ outcome: NightOutcome, _ recipe: Recipe, _ format: PlainFormat)
    throws(DSXError)
  {
    if outcome.wasFinished { Output.message("dsx: finished already: \(outcome.folder)") }
    for warning in outcome.warnings { Output.message("dsx: warning: " + warning) }
    for id in outcome.pruned { Output.message("dsx: pruned \(id)") }
    let report = AnyReport.night(outcome.report)
    if format == .json {
      Output.write(Array(ReportForm.source(report).utf8))
    } else {
      show(outcome, recipe)
    }
    if let error = outcome.report.error(folder: outcome.folder) { throw error }
  }

  /// Verdict, results, gates, and where the report lies.
  private static func show(_ outcome: NightOutcome, _ recipe: Recipe) {
    let report = outcome.report
    Output.line(outcome.run + (report.verdict.map { ": " + $0.headline } ?? ""))
    if let baseline = report.comparison?.baseline.run {
      Output.line("compared with: " + baseline)
    }
    Output.line("")
    Output.write(Array(TableFormat.text.render(RunTable.table(report.cells)).utf8))
    for note in RunTable.notes(report.cells) { Output.line("note: " + note) }
    if !report.gates.isEmpty {
      Output.line("")
      Output.write(Array(TableFormat.text.render(gates(report)).utf8))
    }
    Output.line("")
    let file = recipe.reports.contains(.html) ? "report.html" : "report.json"
    Output.line("report: " + FilePath.join(outcome.folder, file))
  }

  private static func gates(_ report: NightReport) -> Table {
    Table(
      columns: [
        .words("gate"), .words("outcome"), .words("status"), .words("required"), .words("why"),
      ],
      rows: report.gates.map { gate in
        [
          Table.Cell(gate.name), Table.Cell(gate.outcome?.rawValue ?? ""),
          Table.Cell(gate.status.rawValue), Table.Cell(gate.isRequired ? "yes" : "no"),
          Table.Cell(gate.sentence),
        ]
      })
  }
}
