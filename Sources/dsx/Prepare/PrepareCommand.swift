internal import ArgumentParser
internal import DSXCore
internal import Preparation

/// `dsx prepare`: texts to records.
struct PrepareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prepare",
    abstract: "Turn texts into rows of token ids, in a MindRecord file.",
    discussion: """
      Examples:
        dsx prepare --input 'data/*.txt' --seq-length 1025
        dsx prepare --input 'corpus/**/*.txt' --tokenizer my.model --eot 2
        dsx prepare --input wiki.txt --task pangu-wiki --tail keep
        dsx prepare --input 'data/*.jsonl.gz' --packing best-fit --shuffle rows

      Documents end at blank lines (two line feeds); each is encoded and \
      followed by the end-of-text id. The ids follow each other from file to \
      file and are cut into rows of --seq-length. The same command again goes \
      on with a run that was stopped, or finds itself finished; other inputs \
      or options need --overwrite. The summary goes to stderr, or with \
      --format json to stdout.

      Without a subcommand everything is done in one process. 'plan', 'run' and \
      'merge' do the same in several, on one machine or many.
      """,
    subcommands: [PreparePlan.self, PrepareRun.self, PrepareMerge.self])

  @OptionGroup var arguments: PrepareArguments
  @OptionGroup(title: "Running") var process: PrepareProcessArguments

  func run() throws {
    let began = StderrProgress.seconds()
    var options = try arguments.options(process)
    options.arguments = PrepareWork.arguments(after: "prepare")
    let preparation = try arguments.preparation(options)
    let progress = StderrProgress()
    defer { progress.finish() }
    let outcome = try preparation.run(progress: progress)
    progress.finish()
    PrepareWork.report(outcome, options, began, process.format)
  }
}
