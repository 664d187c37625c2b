public import DSXCore
internal import Glibc
public import Jobs
internal import Records

/// Writes one split of a data set as a MindRecord set, with a manifest that says what it was made from.
///
/// A killed conversion goes on: the same command finds what is safe in `OUTPUT.work`, skips as many rows and
/// appends the others, and the bytes are those of an undisturbed run. Finished, it finds itself finished.
public struct DatasetConversion: Sendable {
  /// What a conversion gave.
  public struct Outcome: Sendable {
    /// The data files, in order.
    public var files: [String]
    /// Rows over all files.
    public var rows: Int
    /// Rows of each file.
    public var rowsPerShard: [Int]
    /// Rows that could not be read and were left out.
    public var skipped: Int
    /// Why, for the first ten.
    public var reasons: [DSXError]
    /// Whether the same set was there already.
    public var isFinishedAlready: Bool
    /// Rows that an earlier, killed run had made safe.
    public var resumedRows: Int
    /// The data set's fingerprint.
    public var fingerprint: String

    /// The outcome for programs.
    public var json: JSONValue {
      [
        "files": .array(files.map { .string($0) }), "rows": .int(Int64(rows)),
        "rows_per_shard": .array(rowsPerShard.map { .int(Int64($0)) }),
        "skipped": .int(Int64(skipped)), "resumed_rows": .int(Int64(resumedRows)),
        "finished_already": .bool(isFinishedAlready), "fingerprint": .string(fingerprint),
      ]
    }
  }

  let dataset: MsDataset
  let options: ConversionOptions
  private let homes: Homes
  private let fingerprint: String

  /// A conversion of a split. Hashes its files.
  public init(_ dataset: MsDataset, options: ConversionOptions, homes: Homes) throws(DSXError) {
    guard (1...1000).contains(options.shards) else {
      throw DSXError(.usage, "the number of shards is \(options.shards); it must be 1 to 1000")
    }
    self.dataset = dataset
    self.options = options
    self.homes = homes
    fingerprint = try dataset.fingerprint(homes: homes)
  }

  /// What the output depends on.
  public var plan: JobPlan {
    JobPlan(
      kind: "datasets convert", tool: options.tool,
      options: options.json(for: dataset, fingerprint: fingerprint), inputs: [], shardBytes: 1)
  }

  private func writerOptions() -> RecordWriterOptions {
    var writer = RecordWriterOptions()
    writer.shards = options.shards
    writer.checkpointBytes = options.checkpointBytes
    writer.pageSize = options.pageSize
    writer.headerSize = options.headerSize
    writer.keepsUnfinished = true
    return writer
  }

  /// Writes the set at `path`; `progress` gets the rows so far and their number where it is known.
  ///
  /// `folder`: the one that this set and others are written to, whose record is begun here and finished by
  /// who makes them all. Throws the loaders' errors with file and line, `outputExists` when something else
  /// is at `path` and `overwrite` is not set, `nothingToDo` for a split without rows.
  public func run(
    to path: String, in folder: FolderOutput? = nil,
    progress: (Int, Int?) -> Void = { _, _ in }
  ) throws(DSXError) -> Outcome {
    if let outcome = try finished(at: path) { return outcome }
    let workPath = WorkFolder.path(forOutput: path)
    let lock = try WorkLock(workPath, exclusive: true, output: path)
    defer { lock.release() }
    let work = try open(workPath, plan, path)
    do throws(DSXError) {
      try folder?.begin()
      var rows: any ConversionRows = try DataRows(self)
      let outcome = try write(&rows, work, path, progress)
      try work.remove()
      return outcome
    } catch {
      throw cleanUp(error, work, path)
    }
  }

  /// The outcome when the very set is at `path` already; what a run that died at its end left is removed.
  /// Throws `outputExists` when something else is there and `overwrite` is not set.
  func finished(at path: String) throws(DSXError) -> Outcome? {
    guard let outcome = try outcome(at: path, overwrite: options.overwrite) else { return nil }
    try removeLeftover(of: path)
    return outcome
  }

  /// The same for who merges and has the lock of the work folder `held`, which stays. With `overwrite`,
  /// too, a set of this very plan is found: its parts may be gone, and its bytes would be the same.
  func finished(at path: String, holding held: String) throws(DSXError) -> Outcome? {
    var found: Outcome?
    do throws(DSXError) {
      found = try outcome(at: path, overwrite: false)
    } catch {
      guard options.overwrite else { throw error }
      found = try outcome(at: path, overwrite: true)
    }
    let work = WorkFolder.path(forOutput: path)
    if found != nil, FilePath.identity(work) != FilePath.identity(held) {
      try removeLeftover(of: path)
    }
    return found
  }

  private func outcome(at path: String, overwrite: Bool) throws(DSXError) -> Outcome? {
    let plan = plan
    let output = output(path)
    try checkInputsAreSafe(output)
    let state = try output.inspect(overwrite: overwrite, mayReplace: RecordReader.isPartOfSet) {
      (_) throws(DSXError) -> JobPlan in plan
    }
    guard case .finished(let manifest) = state else { return nil }
    return finished(manifest, output)
  }

  private func output(_ path: String) -> JobOutput {
    let names = writerOptions().fileNames(FilePath.split(path).name)
    return JobOutput(path: path, names: names.flatMap { [$0, $0 + ".db"] })
  }

  /// Removes the work folder of a run of this plan, or of a merging of its shards, that died when its
  /// output was in place already.
  private func removeLeftover(of output: String) throws(DSXError) {
    let path = WorkFolder.path(forOutput: output)
    guard FilePath.exists(path) else { return }
    let lock = try WorkLock(path, exclusive: true, output: output)
    defer { lock.release() }
    let isOurs: Bool
    if FilePath.exists(FilePath.join(path, WorkPlan.fileName)) {
      let there = (try? WorkFolder(path: path))?.work.plan
      isOurs = there == plan || there.map { ConversionShards.isPlan($0, of: [plan.id]) } ?? false
    } else {
      // The plan is removed last: without one there is nothing but empty folders.
      isOurs = try FilePath.list(path).allSatisfy { $0 == "lock" || $0 == "records" }
    }
    if isOurs { try FilePath.removeTree(path) }
  }

  /// Stops after some rows and leaves what a later run goes on with: for tests of that.
  func runUntil(rows limit: Int, to path: String) throws(DSXError) {
    let name = FilePath.split(path).name
    let work = try open(WorkFolder.path(forOutput: path), plan, path)
    let target = FilePath.join(FilePath.join(work.path, "records"), name)
    var cursor = try dataset.rows(options.table(for: dataset))
    let mapping = RecordMapping(cursor.schema)
    var writer = try RecordWriter.resume(
      path: target, schema: mapping.record, options: writerOptions())
    var rows = 0
    while rows < limit, let batch = try cursor.next() {
      try writer.append(mapping.converted(batch))
      rows += batch.rows
    }
    _ = try writer.suspend()
  }

  /// The work folder of this plan. One of another plan is refused, or given up with `overwrite`.
  func open(_ path: String, _ plan: JobPlan, _ output: String) throws(DSXError)
    -> WorkFolder
  {
    if FilePath.exists(FilePath.join(path, WorkPlan.fileName)) {
      let found = try? WorkFolder(path: path)
      if let found, found.work.plan == plan { return found }
      guard options.overwrite else {
        let difference = found.flatMap { plan.difference(from: $0.work.plan) }
        throw DSXError(
          .outputExists,
          "an unfinished job is there, and "
            + (difference ?? "its plan cannot be read"), file: path,
          hint: "go on with the same data and options, or add --overwrite to start again")
      }
      for item in try FilePath.list(path) where item != "lock" {
        try FilePath.removeTree(FilePath.join(path, item))
      }
    }
    return try WorkFolder.create(
      path: path,
      WorkPlan(plan: plan, steps: [WorkStep("records", shards: 1)], setup: .object([])))
  }

  /// Writes the rows of `source` as the set at `path`; `work` holds what is under way.
  func write(
    _ source: inout any ConversionRows, _ work: WorkFolder, _ path: String,
    _ progress: (Int, Int?) -> Void
  ) throws(DSXError) -> Outcome {
    let (name, plan, output) = (FilePath.split(path).name, plan, output(path))
    let target = FilePath.join(FilePath.join(work.path, "records"), name)
    let note = target + ".counts"
    let finished = writerOptions().fileNames(name).map {
      FilePath.join(FilePath.split(target).folder, $0)
    }
    var resumed = 0
    var rows = 0
    // A run that died after its last row left its counts: nothing has to be read again.
    let isWhole = finished.allSatisfy { FilePath.exists($0) && FilePath.exists($0 + ".db") }
    if let counts = try? JSONParser.parse(file: note), isWhole || FilePath.exists(work.manifestPath)
    {
      return try publish(finished, work, output, plan, counts, resumed: counts["rows"]?.int ?? 0)
    }
    if try !RecordWriter.isHalfPublished(target) {
      for file in finished.flatMap({ [$0, $0 + ".db"] }) { try FilePath.removeTree(file) }
    }
    var writer = try RecordWriter.resume(
      path: target, schema: source.schema, options: writerOptions())
    resumed = writer.rows
    while let batch = try source.next() {
      let count = batch.rows
      if rows + count > resumed {
        try writer.append(source.stored(batch.droppingFirst(max(0, resumed - rows))))
      }
      rows += count
      progress(rows, source.total)
    }
    let skipped = source.skipped
    guard rows > 0 else {
      throw DSXError(
        .nothingToDo,
        skipped > 0
          ? "all \(skipped) rows of the split are bad" : "the split has no rows",
        file: dataset.table)
    }
    let summary = try writer.finish()
    let counts: JSONValue = [
      "rows": .int(Int64(summary.rows)),
      "shards": .array(summary.rowsPerShard.map { ["rows": .int(Int64($0))] }),
      "skipped": .int(Int64(skipped)),
      "files": .array(summary.files.map { .string(FilePath.split($0).name) }),
    ]
    try AtomicFolder.write(Array((counts.text() + "\n").utf8), to: note)
    var outcome = try publish(summary.files, work, output, plan, counts, resumed: resumed)
    outcome.reasons = source.reasons
    return outcome
  }

  /// Moves the files of the finished set into place, indexes first, the first data file last.
  private func publish(
    _ files: [String], _ work: WorkFolder, _ output: JobOutput, _ plan: JobPlan,
    _ counts: JSONValue, resumed: Int
  ) throws(DSXError) -> Outcome {
    let sources = files.map { $0 + ".db" } + files.reversed()
    let outputs: [FileFingerprint]
    if let manifest = try? JobManifest(path: work.manifestPath), manifest.plan == plan {
      outputs = manifest.outputs
    } else {
      var made: [FileFingerprint] = []
      for source in sources { made.append(try FileFingerprint.of(path: source)) }
      outputs = made
    }
    let kept = (counts.object ?? []).filter { $0.name != "files" }
    let manifest = JobManifest(plan: plan, outputs: outputs, counts: .object(kept))
    try output.publish(sources, manifest, from: work)
    var outcome = finished(manifest, output)
    outcome.isFinishedAlready = false
    outcome.resumedRows = resumed
    return outcome
  }

  private func finished(_ manifest: JobManifest, _ output: JobOutput) -> Outcome {
    let counts = manifest.counts
    let names = writerOptions().fileNames(FilePath.split(output.path).name)
    return Outcome(
      files: names.map { FilePath.join(output.folder, $0) }, rows: counts["rows"]?.int ?? 0,
      rowsPerShard: (counts["shards"]?.array ?? []).map { $0["rows"]?.int ?? 0 },
      skipped: counts["skipped"]?.int ?? 0, reasons: [], isFinishedAlready: true, resumedRows: 0,
      fingerprint: fingerprint)
  }

  /// After an error: a work folder that holds nothing to go on with is removed.
  private func cleanUp(_ error: DSXError, _ work: WorkFolder, _ output: String) -> DSXError {
    var shown = error
    let inside = work.path + "/"
    if let file = error.location.file, file.utf8.starts(with: inside.utf8) {
      shown.location.file = output
    }
    let folder = FilePath.join(work.path, "records")
    let isBegun = ((try? FilePath.list(folder)) ?? []).contains { name in
      name.hasPrefix(".dsx-tmp-")
        && FilePath.exists(FilePath.join(FilePath.join(folder, name), "checkpoint:state"))
    }
    // Once files are moved into place, its manifest alone says whose they are.
    let isKept = isBegun || FilePath.exists(work.manifestPath)
    if !isKept, error.code != .outputExists { try? work.remove() }
    return shown
  }

  /// An input that is also a file of the output would be lost.
  private func checkInputsAreSafe(_ output: JobOutput) throws(DSXError) {
    var outputs: Set<FilePath.Identity> = []
    for name in output.names + [output.manifestName] {
      if let identity = FilePath.identity(FilePath.join(output.folder, name)) {
        outputs.insert(identity)
      }
    }
    guard !outputs.isEmpty else { return }
    var inputs: [String] = []
    for file in dataset.files {
      switch file {
      case .path(let path): inputs.append(path)
      case .member(let archive, _): inputs.append(archive)
      }
    }
    if case .records(let path) = dataset.content { inputs += try RecordFiles.paths(path) }
    for path in inputs {
      guard let identity = FilePath.identity(path), outputs.contains(identity) else { continue }
      throw DSXError(
        .usage, "the output is one of the inputs", file: path, hint: "choose another --output")
    }
  }
}
