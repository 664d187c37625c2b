internal import DSXCore
internal import Glibc

/// The stages behind the predictions: the same for one process and for shards.
extension CellRunner {
  /// What a run was like so far, for the report's `runtime`.
  struct Moment {
    /// Monotonic seconds at its beginning.
    var began: Double
    /// The time of its beginning.
    var start: String
    /// Examples that an earlier process had answered.
    var done = 0
    /// The command line that gives the same numbers again.
    var command: String?
    /// Facts of runs in shards; nil: of this process alone.
    var shards: [JSONValue.Member]?
    /// Whether the cache may keep the results: not those of several kinds of processors.
    var mayBeKept = true
  }

  /// Makes states, examples and the report from the folder's predictions, and keeps them in the cache.
  func report(
    _ runner: TaskRunner, _ files: RunFiles, _ moment: Moment, isReused: Bool
  ) throws(DSXError) -> CellOutcome {
    var builder = try ReportBuilder(runner)
    try files.readLines { (line) throws(DSXError) in try builder.add(line) }
    var (report, states, examples) = try builder.finish()
    report.runtime = runtime(runner, report, moment, isReused: isReused, folder: files.path)
    try AtomicFolder.write(states, to: files.states)
    try AtomicFolder.write(examples, to: files.examples)
    try AtomicFolder.write(Array((report.json.text(.indented) + "\n").utf8), to: files.report)
    if !isReused, moment.mayBeKept { cache?.keep(runner.identity, files) }
    return CellOutcome(
      status: isReused ? .cached : .done, folder: files.path, report: report,
      identity: runner.identity)
  }

  private func runtime(
    _ runner: TaskRunner, _ report: RunReport, _ moment: Moment, isReused: Bool, folder: String
  ) -> ReportRuntime {
    let seconds = max(1e-3, Self.seconds() - moment.began)
    var facts: [JSONValue.Member] = [
      .init("model_folder", .string(runner.model.path)), .init("output", .string(folder)),
    ]
    if moment.done > 0 { facts.append(.init("continued_after", .int(Int64(moment.done)))) }
    if isReused { facts.append(.init("from_cache", .bool(true))) }
    facts += moment.shards ?? runner.model.runtime.map { .init($0.name, .string($0.value)) }
    // Only who answered all examples here knows how fast that was.
    let isWhole = moment.done == 0 && !isReused && moment.shards == nil
    let counts = report.counts
    return ReportRuntime(
      run: FilePath.split(folder).name, started: moment.start, command: moment.command,
      seconds: (seconds * 1000).rounded() / 1000,
      examplesPerSecond: isWhole ? Double(counts.succeeded) / seconds : nil,
      tokensPerSecond: isWhole ? counts.scoredTokens.map { Double($0) / seconds } : nil,
      peakMemory: Self.peakMemory(), workers: runner.options.workers, facts: .object(facts))
  }

  static func seconds() -> Double {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
  }

  /// Now in UTC, ISO 8601.
  static func time() -> String {
    var now = time_t()
    Glibc.time(&now)
    var parts = tm()
    gmtime_r(&now, &parts)
    func two(_ value: Int32) -> String { (value < 10 ? "0" : "") + String(value) }
    return "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))T"
      + "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))Z"
  }

  private static func peakMemory() -> Int? {
    var usage = rusage()
    guard getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 else { return nil }
    return Int(usage.ru_maxrss) * 1024
  }
}
