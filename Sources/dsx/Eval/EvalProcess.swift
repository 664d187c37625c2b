internal import ArgumentParser
internal import Glibc

/// The options of `dsx eval` that never change its output.
struct EvalProcess: ParsableArguments {
  /// How the results are printed.
  enum Format: String, CaseIterable, ExpressibleByArgument { case text, json, markdown, csv }

  @Option(
    name: [.long, .customLong("workers")],
    help: "Threads; never changes the results. Default: the number of cores.")
  var threads: Int?
  @Option(help: "How the results are printed.")
  var format = Format.text

  /// The number of threads.
  var workers: Int { threads ?? max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }
}
