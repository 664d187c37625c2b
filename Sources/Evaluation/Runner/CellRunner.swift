public import DSXCore
internal import Datasets
internal import Glibc
internal import Models

/// Runs cells one after the other: finds model and data, goes on where a stopped run was, takes from the
/// cache what was computed before. Single-owner; keeps the last model open for the next cell.
public final class CellRunner {
  private let homes: Homes
  private let cache: ResultCache?
  private var opened: (key: String, model: EvaluatedModel)?

  /// A runner. `cache`: the folder of finished results; nil: nothing is taken or kept.
  public init(homes: Homes, cache: String? = nil) {
    self.homes = homes
    self.cache = cache.map { ResultCache(folder: $0) }
  }

  /// Where results are cached unless another folder is named.
  public static func defaultCache(_ homes: Homes) -> String {
    FilePath.join(homes.cache, "results")
  }

  /// Finds and checks everything of a cell without working on it: the runner with its identity.
  public func prepare(_ cell: EvaluationCell) throws(DSXError) -> TaskRunner {
    let target = try EvaluationTarget.find(
      dataset: cell.dataset, task: cell.task, subset: cell.subset, split: cell.split,
      version: cell.version, compat: cell.compat, homes: homes)
    return try TaskRunner(target, try model(cell), cell.options, homes: homes)
  }

  /// Runs a cell into a folder: begins, goes on, or finds itself finished. `now`: facts of the moment
  /// for the report's `runtime`, and for run.json nothing.
  public func run(
    _ cell: EvaluationCell, into folder: String, overwrite: Bool = false,
    progress: any ProgressSink = SilentProgress(), command: String? = nil
  ) throws(DSXError) -> CellOutcome {
    try run(
      try prepare(cell), into: folder, overwrite: overwrite, progress: progress, command: command)
  }

  /// The same for a runner that is prepared already.
  public func run(
    _ runner: TaskRunner, into folder: String, overwrite: Bool = false,
    progress: any ProgressSink = SilentProgress(), command: String? = nil
  ) throws(DSXError) -> CellOutcome {
    let files = RunFiles(path: folder)
    let began = Self.seconds()
    let start = Self.time()
    let state = try files.inspect(identity: runner.identity, overwrite: overwrite)
    if case .finished(let report) = state, case .run(let known) = try AnyReport(report) {
      AtomicFolder.clearLeftovers(of: [files.report])
      return CellOutcome(
        status: .reused, folder: files.path, report: known, identity: runner.identity)
    }
    let lock = try files.lock()
    defer { withExtendedLifetime(lock) {} }
    if case .free = state { try files.clear() }
    try AtomicFolder.write(
      Array((runner.description.text(.indented) + "\n").utf8), to: files.run)

    var isReused = false
    if case .free = state, let cache, try cache.fetch(runner.identity, into: files) {
      isReused = true
    }
    var done = 0
    if !isReused {
      done = try files.resume()
      let writer = try LineWriter(files.predictions)
      _ = try runner.predict(from: done, progress: progress) { (lines) throws(DSXError) in
        try writer.append(lines)
      }
      try writer.flush()
    }
    var builder = try ReportBuilder(runner)
    try files.readLines { (line) throws(DSXError) in try builder.add(line) }
    var (report, states, examples) = try builder.finish()
    report.runtime = runtime(
      runner, report, began: began, start: start, done: done, isReused: isReused,
      folder: files.path, command: command)
    try AtomicFolder.write(states, to: files.states)
    try AtomicFolder.write(examples, to: files.examples)
    try AtomicFolder.write(Array((report.json.text(.indented) + "\n").utf8), to: files.report)
    if !isReused { cache?.keep(runner.identity, files) }
    return CellOutcome(
      status: isReused ? .reused : .done, folder: files.path, report: report,
      identity: runner.identity)
  }

  /// Gives the open model's memory back.
  public func close() { opened = nil }

  private func model(_ cell: EvaluationCell) throws(DSXError) -> EvaluatedModel {
    if let path = cell.predictions {
      guard cell.model == nil else {
        throw DSXError(.usage, "--model and --predictions exclude each other")
      }
      return EvaluatedModel(try GivenPredictions(path: path))
    }
    guard let name = cell.model else {
      throw DSXError(.usage, "neither a model nor a file of predictions is named")
    }
    let path = try Self.find(model: name, homes)
    let options = ModelOptions(
      computeType: cell.options.computeType, task: cell.modelTask, backbone: cell.backbone,
      memoryLimit: cell.options.memoryLimit)
    let key = "\(path)\n\(options)"
    if let opened, opened.key == key { return opened.model }
    opened = nil
    let model = EvaluatedModel(try ModelFolder.openAny(path, options), path: path)
    opened = (key, model)
    return model
  }

  /// The path of a model: a folder or file, or a name in the `models` folder of a home.
  public static func find(model: String, _ homes: Homes) throws(DSXError) -> String {
    if FilePath.exists(model), FilePath.isFolder(model) || model.hasSuffix(".gguf") {
      return model
    }
    let (parent, name) = FilePath.split(model)
    // `models/NAME` means the shipped model also where no such folder is at hand.
    let prefix = "models/"
    if model.hasPrefix(prefix),
      let found = homes.find("models", String(model.dropFirst(prefix.utf8.count)))
    {
      return found
    }
    if parent == "models", let found = homes.find("models", name) { return found }
    if let found = homes.find("models", model) { return found }
    if model.utf8.contains(UInt8(ascii: "/")) { return model }
    throw DSXError.unknown("model", model, known: homes.names("models"))
  }

  private func runtime(
    _ runner: TaskRunner, _ report: RunReport, began: Double, start: String, done: Int,
    isReused: Bool, folder: String, command: String?
  ) -> ReportRuntime {
    let seconds = max(1e-3, Self.seconds() - began)
    var facts: [JSONValue.Member] = [
      .init("model_folder", .string(runner.model.path)), .init("output", .string(folder)),
    ]
    if done > 0 { facts.append(.init("continued_after", .int(Int64(done)))) }
    if isReused { facts.append(.init("from_cache", .bool(true))) }
    facts += runner.model.runtime.map { .init($0.name, .string($0.value)) }
    let isWhole = done == 0 && !isReused
    let counts = report.counts
    return ReportRuntime(
      run: FilePath.split(folder).name, started: start, command: command,
      seconds: (seconds * 1000).rounded() / 1000,
      examplesPerSecond: isWhole ? Double(counts.succeeded) / seconds : nil,
      tokensPerSecond: isWhole ? counts.scoredTokens.map { Double($0) / seconds } : nil,
      peakMemory: Self.peakMemory(), workers: runner.options.workers, facts: .object(facts))
  }

  private static func seconds() -> Double {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
  }

  /// Now in UTC, ISO 8601.
  private static func time() -> String {
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
