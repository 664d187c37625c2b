public import DSXCore

/// Documents in, batches of rows out, without files: the steps of a preparation in memory.
///
/// Gives the rows of the training set in the order of the inputs; shuffling needs `Preparation`.
public struct PreparationPipeline: Sendable {
  /// What came out beside the rows.
  public struct Result: Sendable {
    /// What was counted.
    public var counts: PreparationCounts
  }

  private let vocabulary: PreparationVocabulary
  private let options: PreparationOptions

  /// A pipeline. Throws `usage` for options that cannot be kept, e.g. padding without `<pad>`.
  public init(_ vocabulary: PreparationVocabulary, _ options: PreparationOptions) throws(DSXError) {
    try options.check()
    if options.tailPolicy == .pad, vocabulary.padding == nil {
      let why =
        options.tail == .pad
        ? "--tail pad" : "--packing \(options.packingRule.rawValue)"
      throw DSXError(
        .usage, "\(why) needs a piece '<pad>', which the vocabulary does not have",
        hint: "give --pad, the id that fills rows; choose another --tail, or another vocabulary")
    }
    self.vocabulary = vocabulary
    self.options = options
  }

  /// The schema of the rows.
  public var schema: Schema { PackedRows.schema(options.columnName, options.rowColumns) }

  /// Runs over `files` in their order; `emit` gets the rows, batch by batch, on the calling thread.
  ///
  /// Memory: a few blocks of text a worker, one batch of rows, and at most one document; under compat
  /// `pangu-wiki` a whole file is one document.
  public func run(
    _ files: [InputFile], progress: any ProgressSink,
    emit: (Batch) throws(DSXError) -> Void
  ) throws(DSXError) -> Result {
    let context = try PreparationContext(
      options, vocabulary, files, quality: nil)
    let report = PreparationProgress(
      progress, phase: "preparing", total: context.shards.totalBytes)
    var counts = PreparationCounts()
    counts.files = files.count
    counts.inputBytes = context.shards.totalBytes
    counts.unknownTokens = vocabulary.unknown == nil ? nil : 0
    for shard in 0..<context.shards.count {
      let sink = MemorySink(context, firstRow: counts.rows)
      try ShardDocuments(context: context, shard: shard).encode(
        drops: nil, texts: nil, card: nil
      ) { (block) throws(DSXError) in
        counts.add(block)
        sink.add(block)
        while let batch = sink.take(all: false) { try emit(batch) }
        report.add(block.inputBytes, tokens: block.ids.count)
      }
      sink.finish()
      while let batch = sink.take(all: true) { try emit(batch) }
      counts.add(sink.counts)
    }
    return Result(counts: counts)
  }
}

/// Packs the training documents of one shard.
private final class MemorySink {
  private let context: PreparationContext
  private var packer: RowPacker
  private var firstRow: Int
  private(set) var counts = PreparationCounts()

  init(_ context: PreparationContext, firstRow: Int) {
    self.context = context
    self.firstRow = firstRow
    packer = context.packer
  }

  func add(_ block: EncodedBlock) {
    block.ids.withUnsafeBufferPointer { ids in
      block.labels.withUnsafeBufferPointer { labels in
        var start = 0
        for document in block.documents {
          let range = start..<start + document.count
          start = range.upperBound
          guard document.set == .train else { continue }
          counts.documents += 1
          counts.tokens += range.count
          packer.add(
            UnsafeBufferPointer(rebasing: ids[range]),
            labels: labels.isEmpty ? nil : UnsafeBufferPointer(rebasing: labels[range]),
            file: document.file)
        }
      }
    }
  }

  func take(all: Bool) -> Batch? {
    guard let rows = packer.take(all: all) else { return nil }
    let batch = rows.batch(context.schema, context.options.rowColumns, firstRow: firstRow)
    firstRow += batch.rows
    return batch
  }

  func finish() {
    packer.finish()
    counts.rows = packer.rows
    counts.droppedTokens = packer.droppedTokens
    counts.paddingTokens = packer.paddingTokens
  }
}
