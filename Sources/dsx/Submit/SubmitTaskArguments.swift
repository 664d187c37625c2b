internal import ArgumentParser
internal import DSXCore
internal import Glibc
internal import Jobs

/// How the work is dealt to tasks.
struct SubmitTaskArguments: ParsableArguments {
  @Option(help: ArgumentHelp("Cores of a task, and its number of workers.", valueName: "count"))
  var cpus = 1
  @Option(
    help: ArgumentHelp(
      "Tasks at a time. Default: no limit; local: cores / --cpus.", valueName: "count"))
  var maxRunning: Int?
  @Option(
    help: ArgumentHelp(
      "Shards that a task makes. Default: as many as fill --task-minutes.", valueName: "count"))
  var shardsPerTask: Int?
  @Option(help: ArgumentHelp("How long a task is to last, about.", valueName: "minutes"))
  var taskMinutes = TaskPacking.usualMinutes
  @Option(
    help: ArgumentHelp(
      "The most attempts of a task after the first, for exit code 6 and signals.",
      valueName: "count"))
  var retries = 3
  @Option(
    help: ArgumentHelp(
      "The path of dsx on the nodes. Default: this program.", valueName: "path"))
  var dsx: String?

  /// The program as tasks start it: they run in other folders, so a path is made absolute. A name alone is
  /// looked for in PATH there.
  var program: String {
    guard let dsx else { return ProgramPath.current }
    return ProgramPath.absolute(dsx)
  }

  /// Variables that tasks need wherever they run: where data sets and models lie.
  static var variables: [(name: String, value: String)] {
    guard let home = getenv("DSX_HOME").map({ String(cString: $0) }), !home.isEmpty else {
      return []
    }
    // Scripts run in other folders.
    return [("DSX_HOME", ProgramPath.absolute(home.utf8.first == 0x2f ? home : "./" + home))]
  }

  func validate() throws {
    guard taskMinutes > 0, taskMinutes <= 10_080 else {
      throw ValidationError("--task-minutes must be 1 to 10080")
    }
    guard shardsPerTask ?? 1 > 0 else {
      throw ValidationError("--shards-per-task must be at least 1")
    }
    guard (0...100).contains(retries) else { throw ValidationError("--retries must be 0 to 100") }
  }
}
