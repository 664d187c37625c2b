internal import ArgumentParser
internal import DSXCore
internal import Evaluation
internal import Jobs

/// `dsx eval merge`: finished parts to the run folder.
struct EvalMerge: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Check that all parts of a work folder are there, and make the run folder.",
    discussion: """
      The run folder is that of 'dsx eval' in one process, byte for byte but for what tells how it
      was made ('runtime' in report.json, and the pages drawn from it); so are the results that are printed, and the exit code. Missing and damaged
      parts are listed, and the exit code is 5. The work folder is removed at the end.

      Example:
        dsx eval merge out.work
      """)

  @Argument(
    help: ArgumentHelp(
      "The work folder that 'dsx eval plan' made, or its output.", valueName: "work"))
  var work: String
  @OptionGroup var merging: MergeArguments
  @OptionGroup(title: "Running") var process: EvalProcess

  func run() throws {
    try PlanWords.refuseOptions(
      of: "dsx eval", besides: MergeArguments.names + ["workers", "threads", "format"])
    let planned = try PlannedWork(work, kind: EvaluationShards.kind, EvalPlanArguments.self)
    let merged = try planned.arguments.shards(process, Homes.current()).merge(
      planned.path, keepsWork: merging.keepWork, command: EvalCommandLine.text,
      draw: EvalRendering.draw)
    for warning in merged.warnings { Output.message("dsx: warning: " + warning) }
    switch merged.outcome {
    case .one(let outcome):
      try EvalRendering.end(outcome, process.format, undrawn: merged.undrawn)
    case .several(let outcome):
      try EvalRendering.end(outcome, process.format, undrawn: merged.undrawn)
    }
  }
}
