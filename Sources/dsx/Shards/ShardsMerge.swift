internal import ArgumentParser
internal import DSXCore
internal import Jobs

/// `dsx shards merge`: the output of the parts.
struct ShardsMerge: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Check the manifests of all parts and make the output of them.",
    discussion: """
      Runs the job's own 'merge' command, again where that can help. Exit
      code 5, and a list, when parts are missing.

      Example:
        dsx shards merge out.mindrecord.work
      """)

  @Argument(
    help: ArgumentHelp("A work folder, or the output that it belongs to.", valueName: "work"))
  var work: String
  @OptionGroup(title: "Running") var task: TaskArguments

  func run() throws {
    let runner = try task.runner(work)
    guard let failure = try runner.merge() else { return }
    throw ShardsRun.error(failure, 1, runner.work.path)
  }
}
