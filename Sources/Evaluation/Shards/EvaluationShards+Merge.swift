public import DSXCore
internal import Jobs

/// What came of merging the shards of an evaluation.
public struct MergedEvaluation: Sendable {
  /// What was made.
  public enum Outcome: Sendable {
    /// The run folder of one cell.
    case one(CellOutcome)
    /// The folder of several cells.
    case several(MatrixOutcome)
  }

  /// What was made.
  public var outcome: Outcome
  /// What the user should know: shards of different kinds of processors.
  public var warnings: [String]
  /// Why the report's pages could not be drawn.
  public var undrawn: DSXError?
}

extension EvaluationShards {
  /// Makes the output from the parts: predictions in the data's order, then states, examples and report by
  /// the code that one process uses. Removes the work folder, unless `keepsWork`. An output that was
  /// merged before is found finished.
  ///
  /// `command`: the command line that gives a cell's numbers again. `draw` draws the pages, or says why it could not:
  /// the work folder is there until it has. Throws `incomplete` with the list of shards that are missing or damaged.
  public func merge(
    _ path: String, keepsWork: Bool, command: (EvaluationCell) -> String,
    draw: (MergedEvaluation.Outcome) -> DSXError?
  ) throws(DSXError) -> MergedEvaluation {
    let (work, shards) = try planned(path)
    let lock = try WorkLock(path, exclusive: true, output: output)
    defer { lock.release() }
    var tasks: [TaskRunner?] = []
    if cells.count == 1 { tasks = [try prepared(0, shards.cells[0], path)] }
    let isFinished = try self.isFinished(shards)
    let step = try work.step(Self.step)
    let isWhole = try work.missing(step, verify: true).isEmpty
    // With nothing left to merge the output is what was merged before.
    if !isFinished || (overwrite && isWhole) {
      try work.requireAll(verify: true, command: "dsx eval run " + path)
    }
    let isKept = isFinished && !(overwrite && isWhole)
    var warnings: [String] = []
    func make(_ number: Int, _ folder: String) throws(DSXError) -> CellOutcome {
      let task = try tasks.isEmpty ? prepared(number, shards.cells[number], path) : tasks[number]
      guard let task else { throw DSXError(.internal, "a cell without its task") }
      let (outcome, warning) = try merged(
        task, work, shards, number, folder, isKept: isKept, command(cells[number]))
      if let warning {
        warnings.append(cells.count == 1 ? warning : names[number] + ": " + warning)
      }
      return outcome
    }
    let outcome: MergedEvaluation.Outcome
    if cells.count == 1 {
      outcome = .one(try make(0, output))
    } else {
      outcome = .several(
        try MatrixRun(cells: cells, folder: output).run(
          overwrite: overwrite, tool: tool, each: make))
    }
    tasks = []
    let undrawn = draw(outcome)
    // A cell that ended with an error can be merged again once its reason is gone.
    var isComplete = true
    if case .several(let matrix) = outcome { isComplete = matrix.errors.isEmpty }
    if !keepsWork, isComplete, undrawn == nil { try work.remove() }
    return MergedEvaluation(outcome: outcome, warnings: warnings, undrawn: undrawn)
  }

  /// Whether every cell is at the output already. Throws `outputExists` when something else is.
  private func isFinished(_ shards: CellShards) throws(DSXError) -> Bool {
    var isFinished = true
    for (number, cell) in shards.cells.enumerated() {
      let files = RunFiles(path: folder(ofCell: number))
      _ = try files.inspect(identity: cell.identity, overwrite: overwrite)
      guard case .finished? = try? files.inspect(identity: cell.identity, overwrite: false) else {
        isFinished = false
        continue
      }
    }
    return isFinished
  }

  /// One cell's folder.
  private func merged(
    _ task: TaskRunner, _ work: WorkFolder, _ shards: CellShards, _ number: Int,
    _ folder: String, isKept: Bool, _ command: String
  ) throws(DSXError) -> (CellOutcome, warning: String?) {
    let moment = CellRunner.Moment(
      began: CellRunner.seconds(), start: CellRunner.time(), command: command)
    let files = RunFiles(path: folder)
    let mayReplace = overwrite && !isKept
    if case .finished(let report) = try files.inspect(
      identity: task.identity, overwrite: mayReplace),
      case .run(let known) = try AnyReport(report)
    {
      AtomicFolder.clearLeftovers(of: [files.report])
      let outcome = CellOutcome(
        status: .reused, folder: files.path, report: known, identity: task.identity)
      return (outcome, nil)
    }
    let step = try work.step(Self.step)
    var parts: [(shard: Int, manifest: ShardManifest)] = []
    for shard in shards.shards(ofCell: number) {
      guard let manifest = try work.manifest(step, shard) else {
        throw DSXError(.incomplete, "shard \(shard) is missing", file: work.path)
      }
      parts.append((shard, manifest))
    }
    let note = ComputeNote(parts)
    var made = moment
    made.shards = note.members(shards: parts.count)
    made.mayBeKept = note.warning == nil
    let outcome = try runner.merge(
      task, parts.map { FilePath.join(work.part(step, $0.shard), Self.file) },
      examples: shards.cells[number].shards.total, into: files, overwrite: mayReplace, made)
    return (outcome, note.warning)
  }
}

extension CellRunner {
  /// Makes a run's folder from predictions that were made in parts.
  func merge(
    _ task: TaskRunner, _ parts: [String], examples: Int, into files: RunFiles, overwrite: Bool,
    _ moment: Moment
  ) throws(DSXError) -> CellOutcome {
    let state = try files.inspect(identity: task.identity, overwrite: overwrite)
    let lock = try files.lock()
    defer { withExtendedLifetime(lock) {} }
    if case .free = state { try files.clear() }
    try AtomicFolder.write(
      Array((task.description.text(.indented) + "\n").utf8), to: files.run)
    let folder = try AtomicFolder(target: files.predictions)
    let name = FilePath.split(files.predictions).name
    do throws(DSXError) {
      let writer = try LineWriter(folder.path(name))
      var lines = 0
      for part in parts {
        let file = try MappedFile(path: part)
        try file.withBytes { (bytes) throws(DSXError) in
          lines += bytes.count { $0 == 0x0a }
          try writer.append(bytes)
        }
      }
      guard lines == examples else {
        throw DSXError(
          .corrupt, "the parts hold \(lines) examples, and were planned with \(examples)",
          file: files.path)
      }
      try folder.publish([name])
    } catch {
      folder.discard()
      throw error
    }
    return try report(task, files, moment, isReused: false)
  }
}
