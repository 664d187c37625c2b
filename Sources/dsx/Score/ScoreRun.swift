internal import DSXCore
internal import Metrics
internal import Pipelines

/// Reads an input once and sums its statistics on several threads.
enum ScoreRun {
  /// The state of all examples; `onPart` sees each part in the order of the examples, with the number
  /// of its first one.
  static func state(
    _ options: ScoreInputOptions, _ plan: ScorePlan, by: String?, threads: Int,
    onPart: (ScorePart, Int) throws(DSXError) -> Void = { (_, _) throws(DSXError) in }
  ) throws(DSXError) -> ScoreState {
    var source = try ScoreSource(options, plan: plan, by: by)
    let rows = source.rows
    var ids = ScoreIDs(file: options.input)
    var state = ScoreState(plan, sliceColumn: by, clusterColumn: options.cluster)
    var language = ScoreLanguage(plan)
    let sink = StderrProgress()
    try OrderedMap(workers: threads).run(
      source: { () throws(DSXError) in
        let block = try source.next()
        if let block { try language.look(at: block, rows) }
        return block
      },
      makeTransform: { () throws(DSXError) in
        let plan = plan.withOwnScratch()
        return { (block: ScoreSource.Block) throws(DSXError) -> ScoreRows.Scored in
          try rows.part(of: block, plan)
        }
      },
      sink: { (scored: ScoreRows.Scored) throws(DSXError) in
        let part = scored.part
        try ids.add(scored.ids, firstRow: state.count)
        try onPart(part, state.count)
        try state.add(part)
        sink.report(Progress(phase: "score", done: state.count, total: nil, unit: "examples"))
      })
    sink.finish()
    if let warning = language.warning { Output.message(warning) }
    if let limit = ids.limitReached {
      Output.message(
        "warning: only the first \(limit) ids were looked through for one that comes twice")
    }
    return state
  }
}
