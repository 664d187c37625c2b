public import DSXCore

/// Evaluates a training run's checkpoints as they come: each once it is complete, the best one kept,
/// until nothing improves any more.
public struct CheckpointWatch: Sendable {
  /// How it is done.
  public struct Settings: Sendable {
    /// The folder that checkpoints appear in.
    public var folder: String
    /// Seconds between two looks; a checkpoint is complete when two looks find it unchanged.
    public var every: Double
    /// Ends after so many checkpoints without improvement; nil: never.
    public var patience: Int?
    /// Ends when nothing new came for so many seconds; nil: never.
    public var idle: Double?
    /// Evaluates what is there and ends.
    public var once: Bool
    /// The metric that decides; nil: the first of the results.
    public var metric: String?
    /// The model folder whose configuration and tokenizer go with bare weight files.
    public var base: String
    /// Where results go: a folder a checkpoint, `watch.json`, `watch.html`, `best`.
    public var output: String
    /// Whether the best checkpoint is copied instead of linked.
    public var copiesBest: Bool

    /// Settings.
    public init(
      folder: String, every: Double = 30, patience: Int? = nil, idle: Double? = nil,
      once: Bool = false, metric: String? = nil, base: String, output: String,
      copiesBest: Bool = false
    ) {
      self.folder = folder
      self.every = every
      self.patience = patience
      self.idle = idle
      self.once = once
      self.metric = metric
      self.base = base
      self.output = output
      self.copiesBest = copiesBest
    }
  }

  /// What happened, for messages.
  public enum Event: Sendable {
    /// A checkpoint was evaluated.
    case evaluated(WatchPoint, isBest: Bool)
    /// A checkpoint cannot be evaluated.
    case failed(String, DSXError)
    /// Waiting for another one.
    case waiting
  }

  /// The settings.
  public let settings: Settings

  /// A watch; nothing is done yet.
  public init(_ settings: Settings) { self.settings = settings }

  /// Watches until it is over.
  ///
  /// - Parameters:
  ///   - evaluate: evaluates the model folder at the first path into the folder at the second; what was
  ///     evaluated there before is found finished.
  ///   - sleep: waits so many seconds.
  ///   - clock: monotonic seconds.
  ///   - tell: is told what happens.
  public func run(
    evaluate: (String, String) throws(DSXError) -> RunReport,
    sleep: (Double) -> Void, clock: () -> Double, tell: (Event) -> Void
  ) throws(DSXError) -> WatchReport {
    guard FilePath.isFolder(settings.folder) else {
      throw DSXError(.usage, "the folder to watch is not there", file: settings.folder)
    }
    var report = WatchReport(folder: settings.folder, metric: settings.metric)
    var seen: [String: String] = [:]
    var done: Set<String> = []
    var broken: [String: Int] = [:]
    var quiet = clock()
    while true {
      let found = try Checkpoint.list(settings.folder).filter { !done.contains($0.name) }
      var isBusy = false
      for checkpoint in found {
        guard seen[checkpoint.name] == checkpoint.trace else {
          // New or still growing: looked at again next time.
          seen[checkpoint.name] = checkpoint.trace
          broken[checkpoint.name] = nil
          isBusy = true
          continue
        }
        do throws(DSXError) { try checkpoint.check() } catch {
          // Unchanged but not whole: a writer that pauses gets two more looks.
          broken[checkpoint.name, default: 0] += 1
          if broken[checkpoint.name, default: 0] < 3 {
            isBusy = true
            continue
          }
          done.insert(checkpoint.name)
          report.add(WatchPoint(checkpoint, error: error.message))
          tell(.failed(checkpoint.name, error))
          continue
        }
        done.insert(checkpoint.name)
        quiet = clock()
        try evaluated(checkpoint, &report, evaluate, tell)
        if let patience = settings.patience, report.sinceBest >= patience {
          report.ending =
            "\(patience) checkpoints without improvement over \(report.best?.checkpoint ?? "none")"
          try publish(report)
          return report
        }
      }
      if isBusy {
        quiet = clock()
      } else if settings.once {
        report.ending = "every checkpoint that was there is evaluated"
        break
      } else if let idle = settings.idle, clock() - quiet >= idle {
        report.ending = "nothing new came for \(Int(idle)) s"
        break
      }
      tell(.waiting)
      sleep(settings.once ? min(1, settings.every) : settings.every)
    }
    try publish(report)
    guard !report.points.isEmpty else {
      throw DSXError(
        .nothingToDo, "no checkpoint came", file: settings.folder,
        hint: "folders with weights, or files ending in .safetensors, .ckpt, .npz, .gguf, .pt")
    }
    return report
  }

  private func evaluated(
    _ checkpoint: Checkpoint, _ report: inout WatchReport,
    _ evaluate: (String, String) throws(DSXError) -> RunReport, _ tell: (Event) -> Void
  ) throws(DSXError) {
    do throws(DSXError) {
      let model = try CheckpointModel.folder(
        checkpoint, base: settings.base,
        scratch: FilePath.join(settings.output, ".checkpoints"))
      let run = try evaluate(
        model, FilePath.join(settings.output, Recipe.plain(checkpoint.name)))
      let wanted = settings.metric ?? report.metric
      guard
        let result = wanted.map({ name in run.results.first { $0.metric == name } })
          ?? run.results.first
      else {
        throw DSXError.unknown("metric", wanted ?? "", known: run.results.map(\.metric))
      }
      report.metric = result.metric
      (report.unit, report.higherIsBetter) = (result.unit ?? "", result.higherIsBetter)
      let isBest = report.add(
        WatchPoint(checkpoint, value: result.value, standardError: result.standardError))
      if isBest {
        try CheckpointModel.keep(
          checkpoint, as: FilePath.join(settings.output, "best"), copies: settings.copiesBest)
      }
      try publish(report)
      if let point = report.points.last { tell(.evaluated(point, isBest: isBest)) }
    } catch {
      // What the user chose wrongly is wrong for every checkpoint.
      guard error.code.exitCode != .usage, error.code.exitCode != .internal else { throw error }
      report.add(WatchPoint(checkpoint, error: error.message))
      try publish(report)
      tell(.failed(checkpoint.name, error))
    }
  }

  private func publish(_ report: WatchReport) throws(DSXError) {
    try FilePath.makeFolder(settings.output)
    try AtomicFolder.write(
      Array((report.json.text(.indented) + "\n").utf8),
      to: FilePath.join(settings.output, "watch.json"))
    try AtomicFolder.write(
      Array(report.html.utf8), to: FilePath.join(settings.output, "watch.html"))
  }
}
