internal import DSXCore
internal import Evaluation
internal import Reports

/// What `dsx eval` prints and draws.
enum EvalRendering {
  /// Draws a run's report. Returns what went wrong, to be thrown once the numbers were shown: they are
  /// safe.
  static func draw(_ outcome: MergedEvaluation.Outcome) -> DSXError? {
    switch outcome {
    case .one(let outcome): write(.run(outcome.report), outcome.folder)
    case .several(let outcome): write(.night(outcome.report), outcome.folder)
    }
  }

  private static func write(_ report: AnyReport, _ folder: String) -> DSXError? {
    do throws(DSXError) { try ReportForm.write(report, into: folder) } catch {
      var failure = error
      failure.message = "the report could not be drawn: " + error.message
      failure.hint =
        (error.hint.map { $0 + "; " } ?? "")
        + "the numbers are safe in report.json, and the same command draws it"
      return failure
    }
    return nil
  }

  static func show(_ report: RunReport, _ folder: String, _ format: EvalProcess.Format)
    throws(DSXError)
  {
    let table = RunTable.table(report)
    switch format {
    case .text:
      let name = report.dataset["name"]?.string ?? ""
      let chosen = RunTable.selection(report).joined(separator: ", ")
      Output.line("\(report.model["name"]?.string ?? "") on \(name), \(chosen)")
      Output.write(Array(TableFormat.text.render(table).utf8))
      if let note = RunTable.note(report) { Output.line("note: " + note) }
      Output.line("report: " + FilePath.join(folder, "report.html"))
    case .markdown: Output.write(Array(TableFormat.markdown.render(table).utf8))
    case .csv: Output.write(Array(ReportForm.csv.render(.run(report)).utf8))
    case .json:
      Output.line(JSONValue.array(report.results.map(\.json)).text(.indented))
    }
  }

  static func show(_ outcome: MatrixOutcome, _ format: EvalProcess.Format) throws(DSXError) {
    let table = RunTable.table(outcome.report.cells)
    switch format {
    case .text:
      Output.write(Array(TableFormat.text.render(table).utf8))
      for note in RunTable.notes(outcome.report.cells) { Output.line("note: " + note) }
      Output.line("report: " + FilePath.join(outcome.folder, "report.html"))
    case .markdown: Output.write(Array(TableFormat.markdown.render(table).utf8))
    case .csv: Output.write(Array(ReportForm.csv.render(.night(outcome.report)).utf8))
    case .json: Output.line((outcome.report.json["cells"] ?? .null).text(.indented))
    }
  }

  /// Draws, prints and judges one run: as the command ends. Failed and missing examples are exit code 5.
  static func end(_ outcome: CellOutcome, _ format: EvalProcess.Format) throws(DSXError) {
    try end(outcome, format, undrawn: draw(.one(outcome)))
  }

  /// Prints and judges one run that was drawn, or could not be.
  static func end(_ outcome: CellOutcome, _ format: EvalProcess.Format, undrawn: DSXError?)
    throws(DSXError)
  {
    switch outcome.status {
    case .done: break
    case .reused: Output.message("dsx: finished already: \(outcome.folder)")
    case .cached:
      Output.message(
        "dsx: taken from the cache: an earlier run answered the same questions with the same model "
          + "(--no-cache computes them anew)")
    }
    try show(outcome.report, outcome.folder, format)
    if let undrawn { throw undrawn }
    if let error = outcome.report.error(folder: outcome.folder) { throw error }
  }

  /// The same for several runs.
  static func end(_ outcome: MatrixOutcome, _ format: EvalProcess.Format) throws(DSXError) {
    try end(outcome, format, undrawn: draw(.several(outcome)))
  }

  static func end(_ outcome: MatrixOutcome, _ format: EvalProcess.Format, undrawn: DSXError?)
    throws(DSXError)
  {
    try show(outcome, format)
    if let undrawn { throw undrawn }
    if let error = outcome.error { throw error }
  }
}
