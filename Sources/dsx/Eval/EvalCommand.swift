internal import ArgumentParser
internal import DSXCore
internal import Evaluation
internal import Models
internal import Reports

/// `dsx eval`: models, data sets, scores and a report.
struct EvalCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval",
    abstract: "Score models on data sets and write a report.",
    discussion: """
      Examples:
        dsx eval --model models/nanogpt_zh --dataset ddtp_zh
        dsx eval --model nanogpt_zh --dataset handbook_ppl --dataset tang_ppl
        dsx eval --model models/nanogpt_zh --dataset ./tnews_public --task tnews
        dsx eval --model nanogpt_zh --dataset corpus.mindrecord
        dsx eval --predictions answers.jsonl --dataset debfaq_cmrc

      The run goes to reports/<run>/ or --output: run.json, predictions.jsonl, examples.jsonl,
      states.json and report.json. The same command with the same --output goes on where it was
      stopped, or finds itself finished; results are also kept in the cache. A prompt that is longer
      than the model's context is a failed example, never cut unless --on-long says so: exit code 5.
      """)

  @OptionGroup(title: "What is evaluated") var choice: EvalChoice
  @OptionGroup(title: "How") var settings: EvalSettings
  @OptionGroup(title: "Output") var output: EvalOutput
  @OptionGroup(title: "While a model is trained") var watch: WatchOptions

  func run() throws {
    let homes = Homes.current()
    let cells = try choice.cells(settings, homes)
    let runner = CellRunner(
      homes: homes, cache: output.noCache ? nil : CellRunner.defaultCache(homes))
    if let folder = watch.watch {
      try watch.run(folder, cells, runner, output: output.output)
    } else if cells.count == 1 {
      try one(cells[0], runner)
    } else {
      try many(cells, runner)
    }
  }

  private func one(_ cell: EvaluationCell, _ runner: CellRunner) throws {
    let prepared = try runner.prepare(cell)
    let stamp = RunStamp(name: cell.name, identity: prepared.identity)
    let folder = output.output ?? FilePath.join("reports", stamp.name)
    let progress = StderrProgress()
    let outcome: CellOutcome
    do {
      defer { progress.finish() }
      outcome = try runner.run(
        prepared, into: folder, overwrite: output.overwrite, progress: progress,
        command: EvalCommandLine.text(cell))
    }
    if outcome.status == .reused { Output.message("dsx: finished already: \(outcome.folder)") }
    let undrawn = EvalRendering.write(outcome)
    try EvalRendering.show(outcome.report, outcome.folder, output.format)
    if let undrawn { throw undrawn }
    try Self.fail(outcome)
  }

  private func many(_ cells: [EvaluationCell], _ runner: CellRunner) throws {
    let stamp = RunStamp(name: "eval", identity: "")
    let folder = output.output ?? FilePath.join("reports", stamp.name)
    let progress = StderrProgress()
    let night: MatrixOutcome
    do {
      defer { progress.finish() }
      night = try MatrixRun(cells: cells, folder: folder).run(
        runner, overwrite: output.overwrite, progress: progress,
        tool: "dsx " + Version.current)
    }
    let undrawn = EvalRendering.write(night)
    try EvalRendering.show(night, output.format)
    if let undrawn { throw undrawn }
    if let error = night.error { throw error }
  }

  /// Failed and missing examples end the command with exit code 5.
  private static func fail(_ outcome: CellOutcome) throws {
    guard outcome.incomplete > 0 else { return }
    let counts = outcome.report.counts
    let word = counts.failed > 0 ? "failed" : "have no prediction"
    let first = outcome.report.failures.first { $0.status != .skipped }
    throw DSXError(
      .incomplete, "\(outcome.incomplete) of \(counts.requested) examples \(word)",
      file: FilePath.join(outcome.folder, "predictions.jsonl"),
      hint: first.map { "the first: id \($0.id): \($0.reason)" })
  }
}
