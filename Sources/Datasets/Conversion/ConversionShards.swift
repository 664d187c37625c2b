public import DSXCore
public import Jobs

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
  static let file = "rows.mindrecord"

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

  let splits: [Split]
  let output: String
  private let overwrite: Bool
  private let tool: String

  /// Conversions of these splits; `output` is what the user named, a folder or one file.
  public init(_ splits: [Split], output: String, overwrite: Bool, tool: String) {
    self.splits = splits
    self.output = output
    self.overwrite = overwrite
    self.tool = tool
  }

  /// Whether a plan is that of these conversions, by their plans' ids, however their rows are cut.
  static func isPlan(_ plan: JobPlan, of conversions: [String]) -> Bool {
    plan.kind == kind
      && (plan.options["splits"]?.array ?? []).map { $0["conversion"]?.string ?? "" } == conversions
  }

  /// The output as a folder of sets; nil when it is one file.
  var folder: FolderOutput? {
    if splits.count == 1, splits[0].target == output { return nil }
    return FolderOutput(path: output, sets: splits.map { FilePath.split($0.target).name })
  }

  /// Ends a conversion of which every set is in place: writes the folder's record, and removes the work
  /// folder of a merging that died before it had done so.
  public func end() throws(DSXError) {
    try folder?.finish()
    let path = WorkFolder.path(forOutput: output)
    guard let work = try? WorkFolder(path: path),
      Self.isPlan(work.work.plan, of: splits.map { $0.conversion.plan.id }),
      let lock = try? WorkLock(path, exclusive: true, output: output)
    else { return }
    defer { lock.release() }
    try work.remove()
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
      try end()
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
  func planned(_ path: String) throws(DSXError) -> (WorkFolder, [RowShards]) {
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
}
