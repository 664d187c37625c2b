internal import DSXCore
internal import Jobs
internal import Records

/// The rows of a task with examples to record files: the encoding step of such a task, one part.
struct ExampleStep: PartMaker {
  let context: PreparationContext

  func make(_ claim: ShardClaim, _ progress: PreparationProgress) throws(DSXError) -> FinishPart {
    let task = try ExampleTask(context.vocabulary, context.options)
    let writer = ExampleWriter(
      try RecordWriter(
        path: claim.path(context.name(.train)), schema: context.recordSchema,
        options: context.partOptions(claim.shard)))
    var counts = PreparationCounts()
    counts.unknownTokens = context.vocabulary.unknown == nil ? nil : 0
    for file in context.files {
      let part = try task.run(path: file.path, progress: SilentProgress()) {
        (batch) throws(DSXError) in try writer.append(batch)
      }
      counts.documents += part.documents
      counts.tokens += part.tokens
      counts.rows += part.rows
      counts.droppedTokens += part.droppedTokens
      counts.paddingTokens += part.paddingTokens
      progress.add(file.size, tokens: part.tokens)
    }
    let json = counts.json
    return { () throws(DSXError) in
      try writer.finish()
      _ = try claim.publish(counts: json)
    }
  }
}

/// A record writer that one thread fills and another finishes.
private final class ExampleWriter: @unchecked Sendable {
  private var writer: RecordWriter

  init(_ writer: consuming RecordWriter) { self.writer = writer }

  func append(_ batch: Batch) throws(DSXError) { try writer.append(batch) }

  func finish() throws(DSXError) { _ = try writer.finish() }
}
