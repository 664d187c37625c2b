internal import ArgumentParser
internal import DSXCore
internal import Jobs

/// What parts and merging have in common.
struct TaskArguments: ParsableArguments {
  @Option(help: ArgumentHelp("Threads of a task. Default: the command's own.", valueName: "count"))
  var workers: Int?
  @Option(
    help: ArgumentHelp(
      "The most attempts after the first, for exit code 6 and signals.", valueName: "count"))
  var retries = 3

  func validate() throws {
    guard (0...100).contains(retries) else { throw ValidationError("--retries must be 0 to 100") }
    guard workers.map({ (1...4096).contains($0) }) ?? true else {
      throw ValidationError("--workers must be 1 to 4096")
    }
  }

  /// A runner for a job.
  func runner(_ job: String) throws(DSXError) -> ShardRunner {
    try ShardRunner(
      try WorkFolder(job: job), program: ProgramPath.current, workers: workers,
      policy: RetryPolicy(retries: retries)
    ) { Output.message("dsx: " + $0) }
  }
}
