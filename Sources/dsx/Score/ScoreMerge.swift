internal import ArgumentParser
internal import DSXCore
internal import Metrics

/// `dsx score merge`: one report of states that parts of the data gave.
struct ScoreMerge: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Add saved states and report on them as if all data had been scored at once.",
    discussion: """
      The order of the states does not matter, and the report is byte for byte that of one pass. \
      States of other metrics or settings are refused. A state keeps what a bootstrap needs when \
      its own run made one.

      Example:
        dsx score merge part1.state part2.state --format json
      """)

  @Argument(help: "Files that 'dsx score --save-state' wrote.") var states: [String]
  @OptionGroup(title: "Uncertainty") var intervals: ScoreIntervalOptions
  @Option(
    help: ArgumentHelp(
      "The library whose resampling is drawn, as in 'score'.", valueName: "library"))
  var compat: String?
  @OptionGroup(title: "Output") var output: ScoreOutputOptions
  @Option(help: ArgumentHelp("Write the summed statistics too.", valueName: "file"))
  var saveState: String?
  @Option(help: "Threads; never changes the results. Default: the number of cores.")
  var threads: Int?

  func validate() throws {
    guard threads ?? 1 >= 1 else { throw ValidationError("--threads must be at least 1") }
    try intervals.check(compat: compat)
  }

  func run() throws {
    let registry = try Builtins.registry()
    try ScoreMetricOptions.check(compat: compat, registry)
    try ScoreTarget.check(
      saveState.map { [ScoreTarget(path: $0, kind: .state)] } ?? [], inputs: states)
    var merged: ScoreState?
    for path in states {
      do throws(DSXError) {
        let state = try ScoreState(json: JSONParser.parse(file: path), registry: registry)
        guard var sum = merged else {
          merged = state
          continue
        }
        merged = nil
        try sum.merge(state)
        merged = sum
      } catch { throw error.inFile(path) }
    }
    guard let merged else { throw DSXError(.nothingToDo, "there is no state to merge") }
    let rule = intervals.rule(compat: compat, threads: ScoreThreads.count(nil))
    if !merged.plan.keepsExamples,
      rule.kind == .bootstrap || merged.clusterColumn != nil && rule.kind != .none
        || merged.plan.items.contains(where: { rule.needsExamples($0.metric) })
    {
      throw DSXError(
        .usage, "the states do not keep what a bootstrap needs",
        hint: "score the parts with --interval bootstrap or auto, or merge with --interval none")
    }
    let report = try ScoreReport(merged, rule, threads: ScoreThreads.count(threads))
    if let saveState {
      var bytes: [UInt8] = []
      try merged.json().write(into: &bytes)
      bytes.append(0x0a)
      try AtomicFolder.write(bytes, to: saveState)
    }
    Output.write(Array(output.render(report).utf8))
  }
}
