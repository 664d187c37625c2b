internal import ArgumentParser
internal import Glibc

/// The options of `dsx prepare` that never change the output.
struct PrepareProcessArguments: ParsableArguments {
  /// How the summary is printed.
  enum Format: String, CaseIterable, ExpressibleByArgument { case text, json }

  @Option(help: "Threads; never changes the output. Default: the number of cores.")
  var workers: Int?
  @Flag(help: "Compare the hashes of parts that are finished already; damaged ones are made again.")
  var verify = false
  @Flag(help: "Leave OUTPUT.work behind, less the files that became the output.")
  var keepWork = false
  @Option(help: "How the summary is printed.")
  var format = Format.text

  /// The number of threads.
  var threads: Int { workers ?? max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }
}
