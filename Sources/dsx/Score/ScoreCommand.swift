internal import ArgumentParser
internal import DSXCore
internal import Metrics

/// `dsx score`: metrics of texts, labels or numbers in files.
struct ScoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "score",
    abstract: "Compute metrics of files: score, interval, number of examples, signature.",
    discussion: """
      Examples:
        dsx score --metrics bleu,chrf --hyp system.txt --ref reference.txt
        dsx score merge part1.state part2.state
      """,
    subcommands: [ScoreFiles.self, ScoreMerge.self], defaultSubcommand: ScoreFiles.self)
}

/// `dsx score run`, and `dsx score` without a subcommand.
struct ScoreFiles: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Compute metrics of files; the word 'run' may be left out.",
    discussion: """
      Examples:
        dsx score --metrics bleu,chrf --hyp system.txt --ref reference.txt
        dsx score --metrics accuracy --input results.jsonl \\
            --column prediction=answer --by topic
        dsx score --metrics macro-f1,mcc --input results.csv --format latex
        dsx score --metrics bleu --hyp 1.hyp --ref 1.ref --save-state 1.state
        dsx score merge 1.state 2.state

      Every line of --hyp belongs to the same line of each --ref. Unequal lengths, nulls, values that \
      are not numbers and labels that are not declared are errors with file and row. The digits do \
      not depend on the number of threads or on how the data were split. docs/score.md has it all.
      """)

  @OptionGroup(title: "Metrics") var metrics: ScoreMetricOptions
  @OptionGroup(title: "Input") var input: ScoreInputOptions
  @Option(help: ArgumentHelp("One row more for each value of this column.", valueName: "column"))
  var by: String?
  @OptionGroup(title: "Uncertainty") var intervals: ScoreIntervalOptions
  @OptionGroup(title: "Output") var output: ScoreOutputOptions
  @Option(help: ArgumentHelp("Write the summed statistics, for 'score merge'.", valueName: "file"))
  var saveState: String?
  @Option(
    help: ArgumentHelp(
      "Write each example's score and statistics, for 'dsx compare'.", valueName: "file"))
  var perExample: String?
  @Option(help: "Threads; never changes the results. Default: the number of cores.")
  var threads: Int?

  func validate() throws {
    guard threads ?? 1 >= 1 else { throw ValidationError("--threads must be at least 1") }
    try intervals.check(compat: metrics.compat)
  }

  /// Says which metrics' tokenizers left nothing of some texts: such scores mean nothing.
  private static func warn(of state: ScoreState) {
    for (item, sum) in zip(state.plan.items, state.sums) {
      let lost = item.metric.textsWithoutTokens(in: sum.statistics)
      guard lost > 0 else { continue }
      Output.message(
        "warning: \(item.key) finds no token in \(lost) texts that are not blank; "
          + "another tokenizer may fit their language (dsx metrics show \(item.entry.name))")
    }
  }

  func run() throws {
    let rule = intervals.rule(compat: metrics.compat, threads: ScoreThreads.count(threads))
    let plan = try metrics.plan { plan in
      perExample != nil || input.cluster != nil && rule.kind != .none
        || plan.items.contains { rule.needsExamples($0.metric) }
    }
    try ScoreTarget.check(
      [
        perExample.map { ScoreTarget(path: $0, kind: .examples) },
        saveState.map { ScoreTarget(path: $0, kind: .state) },
      ].compactMap { $0 }, inputs: input.files)
    let threads = ScoreThreads.count(threads)
    var lines: [UInt8] = []
    if perExample != nil {
      ExampleFile.head(plan, sliceColumn: by, clusterColumn: input.cluster).write(into: &lines)
      lines.append(0x0a)
    }
    let state = try ScoreRun.state(input, plan, by: by, threads: threads) {
      (part, first) throws(DSXError) in
      guard perExample != nil else { return }
      try ExampleFile.append(part, plan, firstRow: first, to: &lines)
    }
    let report = try ScoreReport(state, rule, threads: threads)
    Self.warn(of: state)
    if let perExample { try AtomicFolder.write(lines, to: perExample) }
    if let saveState {
      var bytes: [UInt8] = []
      try state.json().write(into: &bytes)
      bytes.append(0x0a)
      try AtomicFolder.write(bytes, to: saveState)
    }
    Output.write(Array(output.render(report).utf8))
  }
}
