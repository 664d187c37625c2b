public import DSXCore
internal import Jobs
internal import Pipelines
internal import Records

/// Working in a folder that was planned before, by one process of several.
extension Preparation {
  /// How a work folder was planned: the command line, and the folder in which it was given.
  public static func setup(_ path: String) throws(DSXError) -> (arguments: [String], folder: String)
  {
    let work = try WorkFolder(path: path).work
    let setup = try PreparationSetup(json: work.setup, plan: work.plan)
    return (setup.arguments, setup.folder)
  }

  /// Which parts a process makes.
  public enum Selection: Sendable {
    /// All that are free, waiting for those that other processes make.
    case all
    /// These shards of one step; nil: of every step that has them.
    case shards([Int], step: String?)
  }

  /// Makes parts. Throws `incomplete` when asked-for parts could not be made because another process is
  /// making them or parts that they need are missing, and what reading and writing throws.
  public func runParts(_ path: String, _ selection: Selection, progress: any ProgressSink)
    throws(DSXError)
  {
    let (context, work) = try planned(path, readsInputs: true)
    let lock = try WorkLock(path, exclusive: false, output: options.output)
    defer { lock.release() }
    let run = PreparationRun(context: context, work: work, progress: progress)
    switch selection {
    case .all: try run.all()
    case .shards(let shards, let name):
      let most = work.work.steps.map(\.shards).max() ?? 0
      if name == nil, let wrong = shards.first(where: { $0 >= most }) {
        throw DSXError(
          .usage, "no step has a shard \(wrong)", file: work.path,
          hint: "shards are 0 to \(most - 1)")
      }
      for step in work.work.steps where name == nil || step.name == name {
        try some(run, work, step, shards, isNamed: name != nil)
      }
    }
  }

  private func some(
    _ run: PreparationRun, _ work: WorkFolder, _ step: WorkStep, _ shards: [Int], isNamed: Bool
  ) throws(DSXError) {
    let wanted = shards.filter { $0 < step.shards }
    if isNamed, let wrong = shards.first(where: { $0 >= step.shards }) {
      throw DSXError(
        .usage, "step \(step.name) has no shard \(wrong)", file: work.path,
        hint: "its shards are 0 to \(step.shards - 1)")
    }
    guard !wanted.isEmpty else { return }
    for earlier in work.work.steps.prefix(while: { $0 != step }) {
      try require(work, earlier, 0..<earlier.shards, for: step)
    }
    let taken = try run.some(step, wanted)
    guard taken.isEmpty else {
      throw DSXError(
        .incomplete, "another process is making shards \(Self.list(taken)) of step \(step.name)",
        file: work.path, hint: "wait for it, then run the same command again")
    }
  }

  private func require(
    _ work: WorkFolder, _ step: WorkStep, _ shards: Range<Int>, for next: WorkStep
  ) throws(DSXError) {
    var missing: [Int] = []
    for shard in shards where try work.manifest(step, shard) == nil { missing.append(shard) }
    guard missing.isEmpty else {
      throw DSXError(
        .incomplete,
        "step \(next.name) needs all shards of step \(step.name); \(missing.count) are missing: "
          + Self.list(missing), file: work.path,
        hint: "make them, then run the same command again")
    }
  }

  /// Merges the parts of a work folder and publishes the output; finds an output finished that was merged
  /// before, also by a run that died before it had removed the work folder.
  ///
  /// Every part is compared with its SHA-256. Throws `incomplete` with the list of shards that are missing
  /// or damaged.
  public func merge(_ path: String, progress: any ProgressSink) throws(DSXError) -> Outcome {
    let (context, work) = try planned(path, readsInputs: false)
    let lock = try WorkLock(path, exclusive: true, output: options.output)
    defer { lock.release() }
    let output = self.output(context)
    try checkInputsAreSafe(context.files, output)
    // First of all: the files of parts may be the output's by now.
    if let manifest = try published(output, work.work.plan) {
      if !options.keepsWork { try work.remove() }
      return try outcome(context, manifest, finishedAlready: true)
    }
    try work.requireAll(
      verify: true, command: "dsx prepare run " + path,
      besides: PreparationContext.StepName.merge)
    let run = PreparationRun(context: context, work: work, progress: progress)
    if context.redistributes { try run.all() }
    return try publish(context, work, output, run.ledger, seconds: 0)
  }

  /// The manifest of the output when it is this very plan's and whole, whether it may be overwritten or
  /// not: the same plan would make the same bytes. Throws `outputExists` for anything else that may not.
  private func published(_ output: JobOutput, _ plan: JobPlan) throws(DSXError) -> JobManifest? {
    func state(overwrite: Bool) throws(DSXError) -> JobOutput.State {
      try output.inspect(overwrite: overwrite, mayReplace: mayReplace) {
        (_) throws(DSXError) -> JobPlan in plan
      }
    }
    do throws(DSXError) {
      if case .finished(let manifest) = try state(overwrite: false) { return manifest }
    } catch {
      guard options.overwrite else { throw error }
      _ = try state(overwrite: true)
    }
    return nil
  }

  /// The work folder at `path` as these options see it. Throws `outputExists` when the options (or what
  /// they name, e.g. the vocabulary) are not those of the plan.
  private func planned(_ path: String, readsInputs: Bool) throws(DSXError)
    -> (PreparationContext, WorkFolder)
  {
    var work = try WorkFolder(path: path)
    let setup = try PreparationSetup(json: work.work.setup, plan: work.work.plan)
    let context = try self.context(
      readsInputs ? try setup.current() : setup.files, shardBytes: work.work.plan.shards.size)
    let plan = self.plan(context, work.work.plan.inputs)
    guard plan == work.work.plan, context.steps == work.work.steps else {
      let reason = plan.difference(from: work.work.plan) ?? "its steps differ"
      throw DSXError(
        .outputExists, "the work folder belongs to another plan: " + reason, file: path,
        hint: "plan again, or use what it was planned with")
    }
    work.movesTo = FilePath.split(options.output).folder
    return (context, work)
  }

  /// `0, 3-7, 9`, cut when it is long.
  static func list(_ numbers: [Int]) -> String {
    var runs: [ClosedRange<Int>] = []
    for number in numbers {
      if let last = runs.last, last.upperBound + 1 == number {
        runs[runs.count - 1] = last.lowerBound...number
      } else {
        runs.append(number...number)
      }
    }
    let shown = runs.prefix(20).map {
      $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)"
    }
    return shown.joined(separator: ", ") + (runs.count > 20 ? ", ..." : "")
  }
}
