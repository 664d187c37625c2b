internal import ArgumentParser
internal import DSXCore
internal import Preparation

/// `dsx prepare merge`: finished parts to the output.
struct PrepareMerge: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Check that all parts of a work folder are there, and make them the output.",
    discussion: """
      Every part is compared with its SHA-256. Record files are moved, not \
      copied, unless --file-partition was given. Missing and damaged parts \
      are listed, and the exit code is 5. The work folder is removed at the \
      end.

      Example:
        dsx prepare merge out.mindrecord.work
      """)

  @Argument(help: ArgumentHelp("The work folder that 'dsx prepare plan' made.", valueName: "work"))
  var work: String
  @OptionGroup(title: "Running") var process: PrepareProcessArguments

  func run() throws {
    let began = StderrProgress.seconds()
    try PrepareWork.refuseOptions(besides: [])
    let planned = try PrepareWork(work, process)
    let progress = StderrProgress()
    defer { progress.finish() }
    let outcome = try planned.preparation.merge(planned.path, progress: progress)
    progress.finish()
    PrepareWork.report(outcome, planned.options, began, process.format)
  }
}
