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

      The run goes to reports/<run>/ or --output: run.json, predictions.jsonl, examples.jsonl, \
      states.json and report.json. The same command with the same --output goes on where it was \
      stopped, or finds itself finished; results are also kept in the cache. A prompt that is longer \
      than the model's context is a failed example, never cut unless --on-long says so: exit code 5.

      Without a subcommand everything is done in one process. 'plan', 'run' and 'merge' do the
      same in several, on one machine or many.
      """,
    subcommands: [EvalPlan.self, EvalRun.self, EvalMerge.self])

  @OptionGroup(title: "What is evaluated") var choice: EvalChoice
  @OptionGroup(title: "How") var settings: EvalSettings
  @OptionGroup(title: "Output") var output: EvalOutput
  @OptionGroup(title: "Running") var process: EvalProcess
  @OptionGroup(title: "While a model is trained") var watch: WatchOptions

  func run() throws {
    let homes = Homes.current()
    let cells = try choice.cells(settings, process, homes)
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
    try EvalRendering.end(outcome, process.format)
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
    try EvalRendering.end(night, process.format)
  }
}
