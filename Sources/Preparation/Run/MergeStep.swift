internal import DSXCore
internal import Jobs
internal import Records

/// The rows of all parts, in their order, to the number of record files that was asked for.
struct MergeStep: PartMaker {
  let context: PreparationContext
  private let parts: [(set: DocumentSet, files: [String])]

  init(_ context: PreparationContext, _ work: WorkFolder) throws(DSXError) {
    self.context = context
    let step = try work.step(context.rowStep)
    parts = context.options.sets.map { set in
      let files = (0..<step.shards).flatMap { shard in
        context.partNames(shard, set).map { FilePath.join(work.part(step, shard), $0) }
      }
      return (set, files)
    }
  }

  func make(_ claim: ShardClaim, _ progress: PreparationProgress) throws(DSXError) -> FinishPart {
    for (set, files) in parts {
      var rows = 0
      for file in files { rows += try RecordReader(path: file).count }
      var options = context.outputOptions
      options.totalRows = rows
      var writer = try RecordWriter(
        path: claim.path(context.name(set)), schema: context.recordSchema, options: options)
      for file in files {
        var cursor = try RecordReader(path: file).cursor(
          batchRows: max(1, (1 << 20) / context.options.sequenceLength))
        while let batch = try cursor.next() {
          try writer.append(batch)
          progress.add(batch.rows)
        }
      }
      _ = try writer.finish()
    }
    return { () throws(DSXError) in _ = try claim.publish(counts: .object([])) }
  }
}
