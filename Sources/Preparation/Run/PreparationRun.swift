internal import DSXCore
internal import Jobs
internal import Pipelines

/// Makes the parts of a work folder, step by step. Several processes may do so at the same time.
struct PreparationRun {
  let context: PreparationContext
  let work: WorkFolder
  let progress: any ProgressSink

  /// Makes every part that nobody has made, and waits for those that others are making.
  func all() throws(DSXError) {
    for step in work.work.steps {
      let maker = try maker(step)
      let report = self.report(step)
      var left = Array(0..<step.shards)
      while true {
        left = try make(step, left, maker, report)
        guard !left.isEmpty else { break }
        // Somebody else is at these; when he dies they are free again.
        Pause.milliseconds(200)
      }
    }
  }

  /// Makes the given shards of one step; returns those that another process is making.
  func some(_ step: WorkStep, _ shards: [Int]) throws(DSXError) -> [Int] {
    try make(step, shards, try maker(step), report(step))
  }

  /// Makes what is free of `shards`, in order. The files of one part are finished while the next one is
  /// being made.
  private func make(
    _ step: WorkStep, _ shards: [Int], _ maker: any PartMaker, _ report: PreparationProgress
  ) throws(DSXError) -> [Int] {
    var taken: [Int] = []
    var finishing: Background<Void>?
    var failure: DSXError?
    for shard in shards {
      do throws(DSXError) {
        switch try work.claim(step, shard, verify: context.options.verify) {
        case .done: report.skip(amount(step, shard))
        case .taken: taken.append(shard)
        case .claimed(let claim):
          let finish = try made(maker, claim, report)
          let earlier = finishing
          finishing = nil
          try earlier?.wait()
          if shard == shards.last {
            try finished(claim, finish)
          } else {
            finishing = Background { () throws(DSXError) in try finished(claim, finish) }
          }
        }
      } catch {
        failure = error
        break
      }
    }
    // A part that is whole is kept, also when a later one failed.
    do throws(DSXError) { try finishing?.wait() } catch { failure = failure ?? error }
    if let failure { throw failure }
    return taken
  }

  private func made(_ maker: any PartMaker, _ claim: ShardClaim, _ report: PreparationProgress)
    throws(DSXError) -> FinishPart
  {
    do throws(DSXError) { return try maker.make(claim, report) } catch {
      claim.fail(error)
      throw error
    }
  }

  @Sendable
  private func finished(_ claim: ShardClaim, _ finish: FinishPart) throws(DSXError) {
    do throws(DSXError) { try finish() } catch {
      claim.fail(error)
      throw error
    }
  }

  private func maker(_ step: WorkStep) throws(DSXError) -> any PartMaker {
    typealias Name = PreparationContext.StepName
    switch (step.name, context.quality) {
    case (Name.scan, let stage?): return ScanStep(context: context, stage: stage)
    case (Name.select, let stage?): return SelectStep(work: work, stage: stage)
    case (Name.encode, _) where context.options.task.hasExamples:
      return ExampleStep(context: context)
    case (Name.encode, _): return EncodeStep(context: context, work: work)
    case (Name.pack, _): return try PackStep(context, work)
    case (Name.merge, _): return try MergeStep(context, work)
    default:
      throw DSXError(.malformed, "the plan has an unknown step '\(step.name)'", file: work.path)
    }
  }

  /// What a part adds to the progress.
  private func amount(_ step: WorkStep, _ shard: Int) -> Int {
    switch step.name {
    case PreparationContext.StepName.scan, PreparationContext.StepName.encode: context.bytes(shard)
    default: 0
    }
  }

  private func report(_ step: WorkStep) -> PreparationProgress {
    typealias Name = PreparationContext.StepName
    switch step.name {
    case Name.scan:
      return PreparationProgress(progress, phase: "scanning", total: context.shards.totalBytes)
    case Name.encode:
      return PreparationProgress(progress, phase: "preparing", total: context.shards.totalBytes)
    case Name.select:
      return PreparationProgress(progress, phase: "selecting", total: 1, unit: "steps")
    case Name.pack:
      return PreparationProgress(progress, phase: "shuffling", total: nil, unit: "words")
    default:
      return PreparationProgress(progress, phase: "merging", total: nil, unit: "rows")
    }
  }
}
