internal import ArgumentParser

/// `dsx recipe`: evaluations as data, for every night.
struct RecipeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recipe",
    abstract: "Evaluations as data: run, plan, validate, schedule.",
    discussion: """
      Examples:
        dsx recipe validate recipes/*.yaml
        dsx recipe plan nightly
        dsx recipe run smoke
        dsx recipe schedule nightly

      A recipe is a file, or the name of one in recipes/. docs/recipes.md has every key.
      """,
    subcommands: [
      RecipeCells.self, RecipePlanCommand.self, RecipeRun.self, RecipeSchedule.self,
      RecipeValidate.self,
    ])
}
