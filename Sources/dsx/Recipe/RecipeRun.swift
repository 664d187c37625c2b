internal import ArgumentParser
internal import DSXCore
internal import Evaluation

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
    name: .shortAndLong,
    help: ArgumentHelp("The run's folder. Default: REPORTS/RECIPE-NIGHT.", valueName: "folder"))
  var output: String?
  @Flag(help: "Replace another run in that folder.") var overwrite = false
  @Option(help: "How the results are printed: text or json.") var format = PlainFormat.text

  func run() throws {
    let recipe = try RecipePlace.recipe(recipe)
    let options = night.options(
      output: output, overwrite: overwrite, command: night.command(self.recipe, output: output))
    let progress = StderrProgress()
    defer { progress.finish() }
    let outcome = try night.runner(recipe, options, progress: progress).execute()
    progress.finish()
    try NightRendering.end(outcome, recipe, format)
  }
}
