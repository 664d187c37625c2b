internal import ArgumentParser
internal import DSXCore
internal import Evaluation
internal import Glibc

/// `dsx recipe schedule`.
struct RecipeSchedule: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schedule",
    abstract: "Print the lines that run a recipe by clock: cron, systemd, Slurm.",
    discussion: """
      Example:
        dsx recipe schedule nightly

      Nothing is installed: copy what fits. The schedule is the recipe's, or --at.
      """)

  @Argument(help: ArgumentHelp("A recipe's file, or its name in recipes/.", valueName: "recipe"))
  var recipe: String
  @Option(
    help: ArgumentHelp("When, as cron has it: '0 2 * * *'.", valueName: "fields"))
  var at: String?
  @Option(
    help: ArgumentHelp("The folder that it runs in. Default: the current one.", valueName: "folder")
  )
  var folder: String?

  func run() throws {
    let found = try RecipePlace.recipe(recipe)
    let own = try at.map { (text) throws(DSXError) -> CronSchedule in
      do throws(DSXError) { return try CronSchedule(text) } catch {
        throw DSXError(.usage, "--at: " + error.message, hint: error.hint)
      }
    }
    guard let schedule = own ?? found.schedule else {
      throw DSXError(
        .usage, "the recipe has no schedule", file: found.path,
        hint: "add 'schedule: 0 2 * * *', or give --at '0 2 * * *'")
    }
    let here = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4097) { buffer -> String in
      guard let base = buffer.baseAddress, getcwd(base, 4096) != nil else { return "." }
      return String(cString: base)
    }
    let place = folder ?? here
    // A clock starts it without the variables of this shell.
    let variables = SubmitTaskArguments.variables.map { "\($0.name)=" + ShellWord.quoted($0.value) }
    let program =
      ((variables.isEmpty ? [] : ["/usr/bin/env"]) + variables
      + [ShellWord.quoted(ProgramPath.current)]).joined(separator: " ")
    Output.write(
      Array(
        ScheduleText.render(
          found, schedule, program: program,
          folder: ShellWord.quoted(place),
          directory: place,
          command: "recipe run " + ShellWord.quoted(recipe)
        ).utf8))
  }
}
