internal import ArgumentParser
internal import DSXCore
internal import Evaluation
internal import Glibc
internal import Reports

/// `dsx eval --watch`: evaluates checkpoints while training writes them.
struct WatchOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Evaluate each new checkpoint of that folder once it is complete.", valueName: "folder"))
  var watch: String?
  @Option(
    help: ArgumentHelp(
      "Seconds between two looks at the folder. Default: 30.", valueName: "seconds"))
  var every: Double?
  @Option(
    help: ArgumentHelp(
      "End after so many checkpoints without improvement.", valueName: "count"))
  var patience: Int?
  @Option(
    help: ArgumentHelp(
      "End when no new checkpoint came for so long.", valueName: "seconds"))
  var idle: Double?
  @Option(
    help: ArgumentHelp(
      "The metric that decides. Default: the first of the results.", valueName: "name"))
  var watchMetric: String?
  @Flag(help: "Evaluate the checkpoints that are there, and end.") var once = false
  @Flag(help: "Copy the best checkpoint; else 'best' is a link to it.") var copyBest = false

  func validate() throws {
    guard every ?? 1 > 0, every?.isFinite ?? true else {
      throw ValidationError("--every must be above 0")
    }
    guard patience ?? 1 >= 1 else { throw ValidationError("--patience must be at least 1") }
    guard idle ?? 1 > 0 else { throw ValidationError("--idle must be above 0") }
    if watch == nil,
      every != nil || patience != nil || idle != nil || once || copyBest || watchMetric != nil
    {
      throw ValidationError(
        "--every, --patience, --idle, --once, --copy-best and --watch-metric go with --watch")
    }
  }

  /// Watches the folder. `cells`: what is evaluated, one cell, with the model whose configuration and
  /// tokenizer go with bare weight files.
  func run(
    _ folder: String, _ cells: [EvaluationCell], _ runner: CellRunner, output: String?
  ) throws {
    let homes = Homes.current()
    guard cells.count == 1, let cell = cells.first else {
      throw DSXError(
        .usage, "--watch takes one model and one data set",
        hint: "dsx recipe run takes several; so does one watch for each")
    }
    guard let model = cell.model else {
      throw DSXError(
        .usage, "--watch needs --model: its configuration and tokenizer go with the checkpoints")
    }
    let settings = CheckpointWatch.Settings(
      folder: folder, every: every ?? 30, patience: patience, idle: idle, once: once,
      metric: watchMetric, base: try CellRunner.find(model: model, homes),
      output: output ?? FilePath.join("reports", "watch-" + FilePath.split(folder).name),
      copiesBest: copyBest)
    let progress = StderrProgress()
    defer { progress.finish() }
    let report = try CheckpointWatch(settings).run(
      evaluate: { (model: String, place: String) throws(DSXError) -> RunReport in
        var one = cell
        one.model = model
        return try runner.runReplacing(
          try runner.prepare(one), into: place, progress: progress
        ).report
      },
      sleep: { usleep(UInt32(min($0, 3600) * 1e6)) }, clock: { StderrProgress.seconds() },
      tell: { event in
        switch event {
        case .evaluated(let point, let isBest):
          progress.finish()
          Output.message(
            "dsx: \(point.checkpoint): "
              + (point.error
                ?? NumberFormat.measuredText(point.value, standardError: point.standardError))
              + (isBest ? ", the best so far" : ""))
        case .failed(let name, let error):
          progress.finish()
          Output.message("dsx: warning: \(name): \(error.message)")
        case .waiting: break
        }
      })
    progress.finish()
    Output.write(Array(TableFormat.text.render(Self.table(report)).utf8))
    if let best = report.best {
      Output.line("best: \(best.checkpoint)" + (report.ending.map { " (" + $0 + ")" } ?? ""))
    }
    Output.line("report: " + FilePath.join(settings.output, "watch.html"))
    guard report.failures > 0 else { return }
    throw DSXError(
      .incomplete, "\(report.failures) of \(report.points.count) checkpoints have no value",
      file: FilePath.join(settings.output, "watch.json"),
      hint: report.points.compactMap(\.error).first)
  }

  private static func table(_ report: WatchReport) -> Table {
    Table(
      columns: [
        .words("checkpoint"), .numbers(report.metric ?? "value"), .numbers("± s.e."), .words(""),
      ],
      rows: report.points.map { point in
        let number = NumberFormat.measured(point.value, standardError: point.standardError)
        return [
          Table.Cell(point.checkpoint), Table.Cell(number.value, style: .strong),
          Table.Cell(number.error ?? NumberFormat.missing, style: .muted),
          Table.Cell(
            point.error ?? (point.checkpoint == report.best?.checkpoint ? "best" : "")),
        ]
      })
  }
}
