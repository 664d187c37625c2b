internal import ArgumentParser
internal import DSXCore
internal import Evaluation

/// `dsx predict`: batch inference without scoring.
struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Run a model over a data set or a file, and write its answers as JSON lines.",
    discussion: """
      Examples:
        dsx predict --model digits_cnn --dataset digits --output preds.jsonl
        dsx predict --model sklearn_logreg/iris --dataset sklearn_csv \\
            --subset iris --output preds.jsonl
        dsx predict --model nanogpt_zh --input prompts.txt --output texts.jsonl \\
            --max-tokens 20
        dsx predict --model models/digits_cnn --input ./photos \\
            --output preds.jsonl --top-k 1
        dsx predict --model minilm_head --text 'a fine film' --text 'a waste of time'
        cat lines.txt | dsx predict --model minilm_head --input -

      One line a row: row, id, input_hash, status, prediction, output (in the shapes of \
      ModelScope's pipelines) or reason. An interrupted run goes on where it stopped when the \
      same command is given again, and ends with the same bytes. Rows that fail are lines of \
      their own, and end the command with exit code 5.

      Without a subcommand everything is done in one process. 'plan', 'run' and 'merge' do the \
      same in several, on one machine or many.
      """,
    subcommands: [PredictPlan.self, PredictRun.self, PredictMerge.self])

  @OptionGroup var arguments: PredictArguments
  @OptionGroup(title: "Running") var process: PredictProcess

  func run() throws {
    if arguments.prints { return try PredictPrinter(arguments, process).run() }
    let began = StderrProgress.seconds()
    let opened = try arguments.open(process)
    let progress = StderrProgress()
    defer { progress.finish() }
    let (counts, wasFinished) = try opened.run.run(
      output: opened.output, overwrite: arguments.overwrite, progress: progress)
    progress.finish()
    try PredictSummary(
      counts: counts, wasFinished: wasFinished, task: opened.pipeline.task, output: opened.output,
      seconds: StderrProgress.seconds() - began
    ).end(process.format)
  }
}

/// What `dsx predict` says at its end.
struct PredictSummary {
  var counts: PredictionCounts
  var wasFinished: Bool
  var task: String
  var output: String
  /// Wall-clock seconds of the predictions; nil where other processes made them.
  var seconds: Double?

  /// Prints it. Throws `incomplete` when rows failed.
  func end(_ format: PredictProcess.Format) throws(DSXError) {
    if wasFinished { Output.message("dsx: finished already: \(output)") }
    show(format)
    if let error = counts.error(output: output) { throw error }
  }

  private func show(_ format: PredictProcess.Format) {
    if format == .json {
      let summary: JSONValue = [
        "output": .string(output), "task": .string(task),
        "examples": .int(Int64(counts.examples)), "succeeded": .int(Int64(counts.succeeded)),
        "failed": .int(Int64(counts.failed)),
      ]
      return Output.line(summary.text())
    }
    let rate =
      (wasFinished ? nil : seconds).map { $0 > 0 ? Double(counts.examples) / $0 : 0 }
      .map { ", " + ProgressLine.decimal($0, 1) + " rows/s" } ?? ""
    Output.line("\(task): \(counts.examples) rows, \(counts.failed) failed\(rate): \(output)")
  }
}
