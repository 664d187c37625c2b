public import DSXCore
internal import Jobs

extension RecipeShards {
  /// Takes the cells from the parts and ends the night: comparison, gates, report, history, notice. Removes
  /// the work folder, unless `keepsWork` or something was missing.
  ///
  /// `partial`: cells whose parts are missing count as failed; else throws `incomplete` with their list. A
  /// night that was merged before is found finished.
  public func merge(_ path: String, partial: Bool, keepsWork: Bool) throws(DSXError)
    -> NightOutcome
  {
    let work = try planned(path)
    let lock = try WorkLock(path, exclusive: true, output: night.folder)
    defer { lock.release() }
    let step = try work.step(Self.step)
    let missing = try work.missing(step, verify: true)
    var options = night.options
    // The numbers of parts are tonight's: nothing is looked for in earlier nights.
    options.fresh = true
    if !missing.isEmpty {
      if isFinished(work) {
        // Its parts are gone because it was merged; only the rest of the work folder is left.
        options.overwrite = false
      } else if !partial {
        try work.requireAll(verify: true, command: "dsx recipe cells run " + path)
      }
    }
    var parts: [(shard: Int, manifest: ShardManifest)] = []
    for shard in 0..<step.shards {
      if let manifest = try work.manifest(step, shard) { parts.append((shard, manifest)) }
    }
    let note = ComputeNote(parts)
    let executor = PartExecutor(
      inner: night.executor, work: work, step: step,
      shards: Dictionary(
        night.recipe.cells.enumerated().map { ($1.key, $0) }, uniquingKeysWith: { one, _ in one }))
    var runner = NightRunner(night.recipe, options, executor: executor, progress: night.progress)
    runner.parts = note.members(shards: step.shards)
    var outcome = try runner.execute()
    if let warning = note.warning { outcome.warnings.insert(warning, at: 0) }
    if !keepsWork, missing.isEmpty || outcome.wasFinished { try work.remove() }
    return outcome
  }

  /// Whether the night's folder holds the finished run of this plan.
  private func isFinished(_ work: WorkFolder) -> Bool {
    guard let identity = work.work.plan.options["identity"]?.string,
      case .finished(_, let report)? = try? NightFolder(path: night.folder).inspect(
        identity: identity, overwrite: false)
    else { return false }
    return Self.isWhole(report)
  }
}

/// Takes cells from the parts that other processes made.
private struct PartExecutor: CellExecutor {
  let inner: any CellExecutor
  let work: WorkFolder
  let step: WorkStep
  /// The shard of each cell.
  let shards: [String: Int]

  func facts(_ cell: RecipeCell, _ recipe: Recipe) throws(DSXError) -> CellFacts {
    try inner.facts(cell, recipe)
  }

  func run(
    _ cell: RecipeCell, _ facts: CellFacts, _: Recipe, into folder: String, workers _: Int,
    progress _: any ProgressSink
  ) throws(DSXError) {
    guard let shard = shards[cell.key], try work.manifest(step, shard) != nil else {
      throw DSXError(.incomplete, "the cell was not made", hint: "its shard failed or never ran")
    }
    let part = work.part(step, shard)
    if let error = try RecipeShards.error(part) { throw error }
    guard let made = try CellFolder(part), made.report.identity == facts.identity else {
      throw DSXError(
        .outputExists, "the model or the data changed since the cell was made", file: part,
        hint: "plan again with --overwrite")
    }
    try? FilePath.removeTree(folder)
    try NightFolder.reuse(part, as: folder)
  }
}
