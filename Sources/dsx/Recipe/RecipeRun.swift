internal import ArgumentParser
internal import DSXCore
internal import Evaluation
internal import Glibc

/// `dsx recipe run`.
struct RecipeRun: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run a recipe: evaluate, compare, judge, report.",
    discussion: """
      Examples:
        dsx recipe run smoke
        dsx recipe run recipes/nightly.yaml --night 2026-11-21

      The run goes to reports/RECIPE-NIGHT/ and into the history. Running it again the same night
      continues, or finds itself finished. Exit codes: 100 when a required gate failed, 5 when
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
    let command = "dsx recipe run " + ShellWord.quoted(self.recipe)
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
      Output.write(Array(ReportForm.md.render(report).utf8))
    }
    guard let verdict = outcome.report.verdict, verdict.exitCode != 0 else { return }
    throw DSXError(
      verdict.exitCode == Int(DSXCore.ExitCode.gateFailed.rawValue) ? .gateFailed : .incomplete,
      verdict.headline, file: FilePath.join(outcome.folder, "report.json"),
      hint: verdict.sentence.isEmpty ? nil : verdict.sentence)
  }
}

extension DSXError.Code {
  /// A required gate failed.
  static let gateFailed = Self("gate-failed", .gateFailed)
}
