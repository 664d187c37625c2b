internal import ArgumentParser

/// The root command; every subcommand is one folder beside this file.
struct Dsx: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dsx",
    abstract: "From raw data to a score that you can trust: records, batches, models, metrics.",
    discussion: """
      Examples:
        dsx prepare --input 'data/*.txt' --seq-length 1025
        dsx records head prepared.mindrecord --decode
        dsx eval --model models/nanogpt_zh --dataset ddtp_zh

      Results go to stdout, progress and messages to stderr. Exit codes: docs/exit-codes.md.
      """,
    version: "dsx \(Version.current)",
    subcommands: [
      CancelCommand.self, CompareCommand.self, DatasetsCommand.self, DoctorCommand.self,
      EvalCommand.self,
      GenerateCommand.self,
      MetricsCommand.self, ModelsCommand.self, PipelineCommand.self, PredictCommand.self,
      PrepareCommand.self, RecipeCommand.self, RecordsCommand.self, ReportCommand.self,
      RunsCommand.self, ScoreCommand.self, ShardsCommand.self, StatusCommand.self,
      SubmitCommand.self, TokenizeCommand.self, WeightsCommand.self,
    ])
}
