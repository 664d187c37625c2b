public import DSXCore
public import Jobs

/// Predictions that several processes make: `plan` cuts the rows by number at whole batches, `run` makes
/// parts, `merge` puts them together. The output is that of one process, byte for byte.
///
/// A part holds `predictions.jsonl`, the lines of its rows, and counts them.
public struct PredictionShards {
  /// The kind of the plan.
  public static let kind = "predict"
  /// The name of the only step.
  public static let step = "predict"
  private static let file = "predictions.jsonl"

  private let predictions: PredictionRun
  private let output: String
  private let overwrite: Bool
  private let tool: String

  /// Predictions into the file `output`.
  public init(_ predictions: PredictionRun, output: String, overwrite: Bool, tool: String) {
    self.predictions = predictions
    self.output = output
    self.overwrite = overwrite
    self.tool = tool
  }

  /// Counts the rows and makes `OUTPUT.work`; finds it made. `shardExamples`: rows of a shard, rounded up
  /// to whole batches; nil: 256, doubled for large data until there are at most 256 shards.
  ///
  /// Throws `outputExists` when the output is finished or something else is there, `nothingToDo` for no
  /// rows, `usage` for columns that do not fit.
  public func plan(shardExamples: Int?, command: PlannedCommand) throws(DSXError) -> WorkFolder {
    guard shardExamples ?? 1 >= 1 else {
      throw DSXError(.usage, "--shard-examples must be at least 1")
    }
    // What is wrong with the columns is told before anything is made.
    _ = try predictions.openRows()
    if try ResumableFile.isFinished(
      path: output, identity: predictions.identity, overwrite: overwrite)
    {
      throw DSXError.alreadyMade(
        "the output was made from this model, data and options already", output: output,
        hint: "there is nothing to plan", ending: try FinishedVerdict.error(output))
    }
    let rows = try predictions.count()
    let shards = CountShards(
      total: rows,
      size: CountShards.size(wanted: shardExamples, total: rows, unit: predictions.batchSize))
    try FilePath.makeFolder(FilePath.split(output).folder)
    let path = WorkFolder.path(forOutput: output)
    return try WorkFolder.planned(
      path,
      WorkPlan(
        plan: plan(shards), steps: [WorkStep(Self.step, shards: shards.count)],
        setup: command.json), output: output, overwrite: overwrite)
  }

  private func plan(_ shards: CountShards) -> JobPlan {
    var members = predictions.identity.object ?? []
    members.append(.init("examples", .int(Int64(shards.total))))
    members.append(.init("shard_examples", .int(Int64(shards.size))))
    return JobPlan(
      kind: Self.kind, tool: tool, options: .object(members), inputs: [], shardBytes: 1)
  }

  /// The work folder at `path` as these predictions see it.
  private func planned(_ path: String) throws(DSXError) -> (WorkFolder, CountShards) {
    let work = try WorkFolder(path: path)
    try work.require(kind: Self.kind, tool: tool)
    let options = work.work.plan.options
    guard let rows = options["examples"]?.int, let size = options["shard_examples"]?.int, rows > 0,
      size > 0
    else { throw DSXError(.malformed, "the plan is not complete", file: path) }
    let shards = CountShards(total: rows, size: size)
    let now = plan(shards)
    guard now == work.work.plan, work.work.steps == [WorkStep(Self.step, shards: shards.count)]
    else {
      let reason = now.difference(from: work.work.plan) ?? "its steps differ"
      throw DSXError(
        .outputExists, "the work folder belongs to another plan: " + reason, file: path,
        hint: "plan again with --overwrite")
    }
    return (work, shards)
  }

  /// Makes parts in the work folder at `path`. Rows that fail are lines of their part.
  public func run(
    _ path: String, _ selection: ShardSelection, verify: Bool, progress: any ProgressSink
  ) throws(DSXError) {
    let (work, shards) = try planned(path)
    let lock = try WorkLock(path, exclusive: false, output: output)
    defer { lock.release() }
    // Neighbouring shards are read in one go.
    var open: PredictionRows?
    try ShardRun(work, verify: verify).make(selection) { (claim) throws(DSXError) -> JSONValue in
      let range = shards.range(of: claim.shard)
      var rows: PredictionRows
      if let before = open, before.position <= range.lowerBound {
        rows = before
      } else {
        rows = try predictions.openRows()
      }
      try rows.skip(range.lowerBound - rows.position)
      let writer = try LineWriter(claim.path(Self.file))
      var counts = PredictionCounts()
      try predictions.predict(&rows, to: range.upperBound) { (lines) throws(DSXError) in
        for line in lines { counts.add(isFailed: line["status"]?.string == "failed") }
        try writer.append(lines)
        progress.report(
          Progress(
            phase: "predicting", done: range.lowerBound + counts.examples, total: shards.total,
            unit: "examples", skipped: counts.examples == lines.count ? range.lowerBound : 0))
      }
      try writer.flush()
      guard counts.examples == range.count else {
        throw DSXError(
          .outputExists,
          "the shard has \(counts.examples) rows, and was planned with \(range.count)", file: path,
          hint: "the data changed since the work was planned: plan again with --overwrite")
      }
      open = rows
      return [
        "rows": .int(Int64(counts.examples)), "failed": .int(Int64(counts.failed)),
        "compute": predictions.compute,
      ]
    }
  }

  /// Makes the output from the parts, and removes the work folder unless `keepsWork`.
  ///
  /// - Returns: the counts, whether the output was there already, and what the user should know.
  /// Throws `incomplete` with the list of shards that are missing or damaged.
  public func merge(_ path: String, keepsWork: Bool) throws(DSXError) -> (
    counts: PredictionCounts, wasFinished: Bool, warning: String?
  ) {
    let (work, _) = try planned(path)
    let lock = try WorkLock(path, exclusive: true, output: output)
    defer { lock.release() }
    let step = try work.step(Self.step)
    let isFinished = try ResumableFile.isFinished(
      path: output, identity: predictions.identity, overwrite: overwrite)
    var parts: [(shard: Int, manifest: ShardManifest)] = []
    if !isFinished {
      try work.requireAll(verify: true, command: "dsx predict run " + path)
      for shard in 0..<step.shards {
        if let manifest = try work.manifest(step, shard) { parts.append((shard, manifest)) }
      }
    }
    var file = try PredictionFile(
      path: output, identity: predictions.identity, batchSize: predictions.batchSize,
      overwrite: overwrite)
    defer { file.close() }
    if !file.isFinished {
      try file.take(
        parts.map { shard, manifest in
          (
            FilePath.join(work.part(step, shard), Self.file),
            PredictionCounts([
              "examples": manifest.counts["rows"] ?? 0, "failed": manifest.counts["failed"] ?? 0,
            ])
          )
        })
      try file.publish()
    }
    if !keepsWork { try work.remove() }
    return (file.counts, isFinished, ComputeNote(parts).warning)
  }
}
