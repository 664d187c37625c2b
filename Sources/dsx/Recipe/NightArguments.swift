internal import ArgumentParser
internal import DSXCore
internal import Evaluation
internal import Glibc

/// What `run` and `plan` have in common.
struct NightArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp("Where runs and their history lie.", valueName: "folder"))
  var reports = "reports"
  @Option(
    help: ArgumentHelp(
      "The night's name; the same night continues. Default: today (UTC).", valueName: "name"))
  var night: String?
  @Option(help: "Threads; never changes the results. Default: the number of cores.")
  var workers: Int?
  @Flag(help: "Compute every cell anew, also those that an earlier run has.") var fresh = false

  func validate() throws {
    guard workers ?? 1 >= 1 else { throw ValidationError("--workers must be at least 1") }
  }

  /// The command line that gives the same run in one process.
  func command(_ recipe: String, output: String?) -> String {
    var command = "dsx recipe run " + ShellWord.quoted(recipe)
    command += " --night " + ShellWord.quoted(night ?? Moment.today())
    if reports != "reports" { command += " --reports " + ShellWord.quoted(reports) }
    if let output { command += " --output " + ShellWord.quoted(output) }
    return command
  }

  func options(output: String? = nil, overwrite: Bool = false, command: String? = nil)
    -> NightOptions
  {
    NightOptions(
      reports: reports, night: night ?? Moment.today(), output: output, overwrite: overwrite,
      fresh: fresh, workers: workers ?? max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))),
      tool: "dsx " + Version.current, command: command, now: { Moment.now() },
      clock: { StderrProgress.seconds() })
  }

  func runner(
    _ recipe: Recipe, _ options: NightOptions, progress: any ProgressSink = SilentProgress()
  ) -> NightRunner {
    NightRunner(
      recipe, options,
      executor: TaskExecutor(homes: Homes.current(), tool: options.tool), progress: progress)
  }
}
