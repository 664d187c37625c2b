internal import ArgumentParser
internal import DSXCore
internal import Jobs

/// What is asked of Slurm.
struct SlurmArguments: ParsableArguments {
  @Option(help: ArgumentHelp("The partition. Default: the cluster's own.", valueName: "name"))
  var partition: String?
  @Option(
    help: ArgumentHelp(
      "The time limit of a task: minutes, hours:minutes:seconds, days-hours.", valueName: "limit"))
  var time: String?
  @Option(help: ArgumentHelp("Memory of a task: 4G.", valueName: "amount"))
  var mem: String?
  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "Another argument of sbatch, as one word behind a '='; repeatable.",
      valueName: "argument"))
  var sbatchArg: [String] = []

  func options(_ tasks: SubmitTaskArguments) throws(DSXError) -> SlurmOptions {
    try SlurmOptions(
      partition: partition, time: time, cpus: tasks.cpus, memory: mem, arguments: sbatchArg,
      maxRunning: tasks.maxRunning)
  }
}
