public import DSXCore
internal import Datasets
internal import Jobs
internal import Models

/// Runs cells one after the other: finds model and data, goes on where a stopped run was, takes from the
/// cache what was computed before. Single-owner; keeps the last model open for the next cell.
public final class CellRunner {
  private let homes: Homes
  let cache: ResultCache?
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
    let defaults = try cell.ownDefaults(homes: homes)
    var target = try EvaluationTarget.find(
      dataset: cell.dataset, task: cell.task, subset: cell.subset, split: cell.split,
      version: cell.version, compat: cell.compat,
      fallback: defaults == nil ? nil : try cell.usualTask(homes: homes), homes: homes)
    let model = try model(cell)
    if let defaults, !TaskCatalog.isOwn(target, homes) {
      try target.task.take(defaults, outputs: model.labels)
    }
    return try TaskRunner(target, model, cell.options, homes: homes)
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
    OpenClaims.grow(files.path)
    defer { OpenClaims.settle(files.path) }
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
    return try report(
      runner, files, Moment(began: began, start: start, done: done, command: command),
      isReused: isReused)
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
}
