internal import ArgumentParser
internal import DSXCore
internal import Evaluation
internal import Glibc
internal import Reports

/// `dsx recipe run`.
struct RecipeRun: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run a recipe: evaluate, compare, judge, report.",
    discussion: """
      Examples:
        dsx recipe run smoke
        dsx recipe run recipes/nightly.yaml --night 2026-11-21

      The run goes to reports/RECIPE-NIGHT/ and into the history. Running it again the same night \
      continues, or finds itself finished. Exit codes: 100 when a required gate failed, 5 when \
      something is missing.
      """)

  @Argument(help: ArgumentHelp("A recipe's file, or its name in recipes/.", valueName: "recipe"))
  var recipe: String
  @OptionGroup var night: NightArguments
  @Option(
    help: ArgumentHelp("The run's folder. Default: REPORTS/RECIPE-NIGHT.", valueName: "folder"))
  var output: String?
  @Flag(help: "Replace another run in that folder.") var overwrite = false
  @Option(help: "How the results are printed: text or json.") var format = PlainFormat.text

  func run() throws {
    let recipe = try RecipePlace.recipe(recipe)
    var command = "dsx recipe run " + ShellWord.quoted(self.recipe)
    command += " --night " + ShellWord.quoted(night.options().night)
    if night.reports != "reports" { command += " --reports " + ShellWord.quoted(night.reports) }
    if let output { command += " --output " + ShellWord.quoted(output) }
    let options = night.options(output: output, overwrite: overwrite, command: command)
    let progress = StderrProgress()
    defer { progress.finish() }
    let outcome = try night.runner(recipe, options, progress: progress).execute()
    progress.finish()
    if outcome.wasFinished { Output.message("dsx: finished already: \(outcome.folder)") }
    for warning in outcome.warnings { Output.message("dsx: warning: " + warning) }
    for id in outcome.pruned { Output.message("dsx: pruned \(id)") }
    let report = AnyReport.night(outcome.report)
    if format == .json {
      Output.write(Array(ReportForm.source(report).utf8))
    } else {
      show(outcome, recipe)
    }
    guard let verdict = outcome.report.verdict, verdict.exitCode != 0 else { return }
    throw DSXError(
      verdict.exitCode == Int(DSXCore.ExitCode.gateFailed.rawValue) ? .gateFailed : .incomplete,
      verdict.headline, file: FilePath.join(outcome.folder, "report.json"),
      hint: verdict.sentence.isEmpty ? nil : verdict.sentence)
  }

  /// Verdict, results, gates, and where the report lies.
  private func show(_ outcome: NightOutcome, _ recipe: Recipe) {
    let report = outcome.report
    Output.line(outcome.run + (report.verdict.map { ": " + $0.headline } ?? ""))
    if let baseline = report.comparison?.baseline.run {
      Output.line("compared with: " + baseline)
    }
    Output.line("")
    Output.write(Array(TableFormat.text.render(RunTable.table(report.cells)).utf8))
    if !report.gates.isEmpty {
      Output.line("")
      Output.write(Array(TableFormat.text.render(gates(report)).utf8))
    }
    Output.line("")
    let file = recipe.reports.contains(.html) ? "report.html" : "report.json"
    Output.line("report: " + FilePath.join(outcome.folder, file))
  }

  private func gates(_ report: NightReport) -> Table {
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

extension DSXError.Code {
  /// A required gate failed.
  static let gateFailed = Self("gate-failed", .gateFailed)
}
