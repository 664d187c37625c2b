public import DSXCore
public import Jobs
internal import Records

/// A conversion that several processes make: `plan` cuts the rows of each split, `run` makes record files
/// of them, `merge` writes the output from these. The output is that of one process, byte for byte.
///
/// Reading and checking the rows is what takes time, and what the shards do; the rows of a part are stored
/// already, and merging copies them.
public struct ConversionShards {
  /// The kind of the plan.
  public static let kind = "convert"
  /// The name of the only step.
  public static let step = "rows"
  private static let file = "rows.mindrecord"

  /// One split with the set that it becomes.
  public struct Split {
    let conversion: DatasetConversion
    /// The path of the record set.
    public let target: String

    /// A split.
    public init(_ conversion: DatasetConversion, target: String) {
      self.conversion = conversion
      self.target = target
    }
  }

  private let splits: [Split]
  private let output: String
  private let overwrite: Bool
  private let tool: String

  /// Conversions of these splits; `output` is what the user named, a folder or one file.
  public init(_ splits: [Split], output: String, overwrite: Bool, tool: String) {
    self.splits = splits
    self.output = output
    self.overwrite = overwrite
    self.tool = tool
  }

  /// Reads the splits once, and makes `OUTPUT.work`; finds it made. `shardRows`: rows of a shard, rounded
  /// up to a multiple of 1,024; nil: 65,536, doubled until a split has at most 256 shards.
  ///
  /// Throws what `DatasetConversion.run` throws, and `outputExists` when all is finished already.
  public func plan(shardRows: Int?, command: PlannedCommand) throws(DSXError) -> WorkFolder {
    guard shardRows ?? 1 >= 1 else { throw DSXError(.usage, "--shard-rows must be at least 1") }
    var finished = 0
    var planned: [JSONValue] = []
    var count = 0
    for split in splits {
      if try split.conversion.finished(at: split.target) != nil { finished += 1 }
      let (dataset, options) = (split.conversion.dataset, split.conversion.options)
      let shards = try RowShards(dataset, options.table(for: dataset), wanted: shardRows)
      count += shards.count
      planned.append(json(split, shards))
    }
    guard finished < splits.count else {
      throw DSXError(
        .alreadyMade, "the output was made from this data and these options already",
        file: output, hint: "there is nothing to plan; --overwrite makes it again")
    }
    try FilePath.makeFolder(FilePath.split(output).folder)
    let path = WorkFolder.path(forOutput: output)
    let plan = JobPlan(
      kind: Self.kind, tool: tool, options: ["splits": .array(planned)], inputs: [], shardBytes: 1)
    return try WorkFolder.planned(
      path,
      WorkPlan(plan: plan, steps: [WorkStep(Self.step, shards: count)], setup: command.json),
      output: output, overwrite: overwrite)
  }

  private func json(_ split: Split, _ shards: RowShards) -> JSONValue {
    [
      "split": .string(split.conversion.dataset.split),
      "conversion": .string(split.conversion.plan.id),
      "options": split.conversion.plan.options, "shards": shards.json,
    ]
  }

  /// The work folder at `path` as these conversions see it, with each split's shards.
  private func planned(_ path: String) throws(DSXError) -> (WorkFolder, [RowShards]) {
    let work = try WorkFolder(path: path)
    try work.require(kind: Self.kind, tool: tool)
    let list = work.work.plan.options["splits"]?.array ?? []
    var planned: [RowShards] = []
    for (entry, split) in zip(list, splits) {
      guard entry["conversion"]?.string == split.conversion.plan.id else {
        throw DSXError(
          .outputExists,
          "the data or the options of the split '\(split.conversion.dataset.split)' changed since the "
            + "work was planned", file: path, hint: "plan again with --overwrite")
      }
      do throws(DSXError) { planned.append(try RowShards(json: entry["shards"] ?? .null)) } catch {
        throw error.inFile(FilePath.join(path, WorkPlan.fileName))
      }
    }
    let count = planned.reduce(0) { $0 + $1.count }
    guard list.count == splits.count, work.work.steps == [WorkStep(Self.step, shards: count)] else {
      throw DSXError(
        .outputExists, "the splits changed since the work was planned", file: path,
        hint: "plan again with --overwrite")
    }
    return (work, planned)
  }

  /// Makes parts in the work folder at `path`; `progress` gets the rows of the shard under way and their
  /// number.
  public func run(
    _ path: String, _ selection: ShardSelection, verify: Bool, progress: (Int, Int?) -> Void
  ) throws(DSXError) {
    let (work, planned) = try planned(path)
    let lock = try WorkLock(path, exclusive: false, output: output)
    defer { lock.release() }
    var open: (split: Int, cursor: any TableCursor)?
    try ShardRun(work, verify: verify).make(selection) { (claim) throws(DSXError) -> JSONValue in
      let (split, shard) = Self.place(claim.shard, planned)
      if open?.split != split {
        open = nil
        let (dataset, options) = (
          splits[split].conversion.dataset, splits[split].conversion.options
        )
        let cursor = try dataset.rows(
          options.table(for: dataset), known: planned[split].schema)
        guard cursor.schema == planned[split].schema else {
          throw DSXError(
            .outputExists, "the columns changed since the work was planned", file: path,
            hint: "plan again with --overwrite")
        }
        open = (split, cursor)
      }
      guard var cursor = open?.cursor else { throw DSXError(.internal, "no split is open") }
      let counts = try make(claim, &cursor, planned[split], shard, progress)
      open?.cursor = cursor
      return counts
    }
  }

  /// The split of a shard, and its number there.
  private static func place(_ shard: Int, _ planned: [RowShards]) -> (split: Int, shard: Int) {
    var left = shard
    for (number, shards) in planned.enumerated() {
      if left < shards.count { return (number, left) }
      left -= shards.count
    }
    return (max(0, planned.count - 1), left)
  }

  /// Writes the rows of one shard.
  private func make(
    _ claim: ShardClaim, _ cursor: inout any TableCursor, _ shards: RowShards, _ shard: Int,
    _ progress: (Int, Int?) -> Void
  ) throws(DSXError) -> JSONValue {
    let (start, range) = (shards.starts[shard], shards.range(shard))
    if var set = cursor as? TableSetCursor {
      try set.jump(to: start.state, base: start.base)
      cursor = set
    } else {
      try cursor.restore(start.state)
    }
    let mapping = RecordMapping(shards.schema)
    var options = RecordWriterOptions()
    options.checkpointBytes = nil
    var writer = try RecordWriter(
      path: claim.path(Self.file), schema: mapping.record, options: options)
    let before = cursor.badRows.count
    var rows = 0
    while rows < range.count, var batch = try cursor.next() {
      // Images and records come in batches that may reach into the next shard.
      if batch.rows > range.count - rows { batch = batch.rows(Array(0..<(range.count - rows))) }
      try writer.append(mapping.converted(batch))
      rows += batch.rows
      progress(rows, range.count)
    }
    if shard == shards.count - 1, rows == range.count {
      // Bad rows behind the last good one count too.
      while let more = try cursor.next() { rows += more.rows }
    }
    guard rows == range.count else {
      throw DSXError(
        .outputExists, "the shard has \(rows) rows, and was planned with \(range.count)",
        file: claim.folder, hint: "the data changed since the work was planned: plan again")
    }
    let skipped = cursor.badRows.count - before
    _ = try writer.finish()
    return ["rows": .int(Int64(rows)), "skipped": .int(Int64(skipped))]
  }

  /// Writes the sets from the parts and removes the work folder, unless `keepsWork`. Sets that are
  /// finished are found so; one whose merge was killed goes on.
  ///
  /// Throws `incomplete` with the list of shards that are missing or damaged.
  public func merge(_ path: String, keepsWork: Bool, progress: (Int, Int?) -> Void)
    throws(DSXError) -> [DatasetConversion.Outcome]
  {
    let (work, planned) = try planned(path)
    let lock = try WorkLock(path, exclusive: true, output: output)
    defer { lock.release() }
    var known: [DatasetConversion.Outcome?] = []
    for split in splits { known.append(try split.conversion.finished(at: split.target)) }
    if known.contains(where: { $0 == nil }) {
      try work.requireAll(verify: true, command: "dsx datasets convert run " + path)
    }
    let step = try work.step(Self.step)
    var outcomes: [DatasetConversion.Outcome] = []
    var first = 0
    for (number, split) in splits.enumerated() {
      let own = first..<first + planned[number].count
      first = own.upperBound
      if let outcome = known[number] {
        outcomes.append(outcome)
        continue
      }
      var (files, rows, skipped) = ([String](), 0, 0)
      for shard in own {
        guard let manifest = try work.manifest(step, shard) else { continue }
        files.append(FilePath.join(work.part(step, shard), Self.file))
        rows += manifest.counts["rows"]?.int ?? 0
        skipped += manifest.counts["skipped"]?.int ?? 0
      }
      let source = PartRows(
        files, schema: RecordMapping(planned[number].schema).record, rows: rows, skipped: skipped)
      outcomes.append(try split.conversion.merge(source, to: split.target, inside: work, progress))
    }
    if !keepsWork { try work.remove() }
    return outcomes
  }
}

extension DatasetConversion {
  /// Writes the set at `path` from parts of the job in `shards`. Goes on with a merge that was killed.
  func merge(
    _ source: PartRows, to path: String, inside shards: WorkFolder,
    _ progress: (Int, Int?) -> Void
  ) throws(DSXError) -> Outcome {
    var rows: any ConversionRows = source
    let workPath = WorkFolder.path(forOutput: path)
    guard workPath != shards.path, FilePath.identity(workPath) != FilePath.identity(shards.path)
    else {
      // One file: what is under way lies in the folder of the parts.
      try FilePath.makeFolder(FilePath.join(shards.path, "records"))
      return try write(&rows, shards, path, progress)
    }
    let lock = try WorkLock(workPath, exclusive: true, output: path)
    defer { lock.release() }
    let work = try open(workPath, plan, path)
    let outcome = try write(&rows, work, path, progress)
    try work.remove()
    return outcome
  }
}
