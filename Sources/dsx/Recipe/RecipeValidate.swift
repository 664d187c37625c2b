internal import ArgumentParser
internal import DSXCore

/// `dsx recipe validate`.
struct RecipeValidate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate", abstract: "Check recipe files: keys, names, gates, schedules.",
    discussion: """
      Examples:
        dsx recipe validate recipes/*.yaml
        dsx recipe validate nightly --deep

      Without --deep models and data sets need not be there.
      """)

  @Argument(help: ArgumentHelp("Files, or names in recipes/.", valueName: "recipe"))
  var recipes: [String]
  @Flag(help: "Open models and data sets too, and check that every gate has its metric.")
  var deep = false

  func run() throws {
    for word in recipes {
      let recipe = try RecipePlace.recipe(word)
      var words = "\(recipe.cells.count) cells, \(recipe.gates.count) gates"
      if deep {
        // As if no option were given: an instance made by hand has options that were never read.
        let night = try NightArguments.parse([])
        let plan = try night.runner(recipe, night.options()).plan()
        if let broken = plan.cells.first(where: { $0.problem != nil }) {
          throw DSXError(
            .missingFile, "the cell \(broken.key) cannot run: \(broken.problem ?? "")",
            file: recipe.path)
        }
        words += ", models and data are there"
      }
      Output.line("\(recipe.path): \(recipe.name), \(words)")
    }
  }
}
