public import DSXCore
internal import Jobs
internal import Records

/// A whole preparation: from input patterns to a published record set and its manifest.
///
/// The work is cut into numbered shards of steps (`PreparationContext.steps`), whose parts lie in
/// `OUTPUT.work` until they are merged: `plan`, `runParts` and `merge` do it in several processes, `run`
/// in one go.
public struct Preparation: Sendable {
  /// How it ended.
  public struct Outcome: Sendable {
    /// What was counted, now or by the run that wrote the output.
    public var counts: PreparationCounts
    /// The record files, in order; those of the validation set last.
    public var files: [String]
    /// Whether the output was there already, made from the same inputs and options.
    public var finishedAlready: Bool
    /// What was different in another run's plan that lay there and was dropped.
    public var droppedPlan: String?
  }

  let vocabulary: PreparationVocabulary
  let options: PreparationOptions

  /// A preparation. Throws `usage` for options that cannot be kept.
  public init(_ vocabulary: PreparationVocabulary, _ options: PreparationOptions) throws(DSXError) {
    self.vocabulary = vocabulary
    self.options = options
    // Checks the options against each other and the vocabulary.
    _ = try PreparationPipeline(vocabulary, options)
  }

  /// Runs it, goes on with a run that was stopped, or finds it finished.
  ///
  /// Throws `nothingToDo` when no file matches or no row comes out, `outputExists` when something else
  /// is at the output, `io`, `malformed` and what the readers throw. After an error nothing half-written
  /// is at the output; parts that were finished stay in the work folder for the next run.
  public func run(progress: any ProgressSink) throws(DSXError) -> Outcome {
    let began = Self.seconds()
    let context = try self.context(try InputExpansion.expand(options.inputs))
    let output = self.output(context)
    if let outcome = try finished(context, output) { return outcome }
    try checkNotEmpty(context.files)
    try FilePath.makeFolder(output.folder)
    let path = WorkFolder.path(forOutput: options.output)
    let lock = try WorkLock(path, exclusive: true, output: options.output)
    defer { lock.release() }
    do throws(DSXError) {
      let (work, dropped) = try openWork(context, path)
      OpenClaims.enter(work)
      defer { OpenClaims.leave(work) }
      let run = PreparationRun(context: context, work: work, progress: progress)
      try run.all()
      var outcome = try publish(
        context, work, output, run.ledger, seconds: Self.seconds() - began)
      outcome.droppedPlan = dropped
      return outcome
    } catch {
      throw cleanUp(after: error, path)
    }
  }

  /// What `plan` made: the work folder, and the steps with their numbers of shards; none when the output was made
  /// from these inputs and options already. `dropped`: what was different in another plan that lay there.
  public typealias Planned = (
    path: String, steps: [(name: String, shards: Int)], dropped: String?
  )

  /// Plans: hashes the inputs and makes the work folder.
  ///
  /// Throws what `run` throws before it begins to work.
  public func plan() throws(DSXError) -> Planned {
    let context = try self.context(try InputExpansion.expand(options.inputs))
    let output = self.output(context)
    let path = WorkFolder.path(forOutput: options.output)
    if try finished(context, output) != nil { return (path, [], nil) }
    try checkNotEmpty(context.files)
    try FilePath.makeFolder(output.folder)
    let plan = self.plan(
      context, try InputFile.fingerprints(context.files, workers: options.workers))
    let steps = context.steps.map { ($0.name, $0.shards) }
    // Planned before, maybe while others work there: their lock is no matter.
    if let there = try? WorkFolder(path: path), there.work.id == plan.id {
      return (path, steps, nil)
    }
    let lock = try WorkLock(path, exclusive: true, output: options.output)
    defer { lock.release() }
    do throws(DSXError) {
      let dropped = try openWork(context, path, plan).dropped
      return (path, steps, dropped)
    } catch {
      throw cleanUp(after: error, path)
    }
  }
}
