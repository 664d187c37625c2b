public import DSXCore
internal import Jobs
internal import Pipelines

/// Documents in, batches of rows out: the reader, the workers and the packer of one preparation.
public struct PreparationPipeline: Sendable {
  /// What came out beside the rows.
  public struct Result: Sendable {
    /// What was counted.
    public var counts: PreparationCounts
    /// The SHA-256 of each input, in order.
    public var digests: [String]
  }

  private let vocabulary: PreparationVocabulary
  private let options: PreparationOptions

  /// A pipeline. Throws `usage` for options that cannot be kept, e.g. padding without `<pad>`.
  public init(_ vocabulary: PreparationVocabulary, _ options: PreparationOptions) throws(DSXError) {
    try options.check()
    if options.tail == .pad, vocabulary.padding == nil {
      throw DSXError(
        .usage, "--tail pad needs a piece '<pad>', which the vocabulary does not have",
        hint: "choose --tail drop or keep, or another vocabulary")
    }
    self.vocabulary = vocabulary
    self.options = options
  }

  /// The schema of the rows.
  public var schema: Schema { Schema([Field(options.columnName, .int32, shape: [-1])]) }

  /// Runs over `files` in their order; `emit` gets the rows, batch by batch, on the calling thread.
  ///
  /// Memory: a few blocks of text a worker, one batch of rows, and at most one document; under compat
  /// `pangu-wiki` a whole file is one document.
  public func run(
    _ files: [InputFile], progress: any ProgressSink,
    emit: (Batch) throws(DSXError) -> Void
  ) throws(DSXError) -> Result {
    let shards = ByteShards(sizes: files.map(\.size), size: options.shardBytes)
    var documents = options.documents
    if options.task != .pangu { documents.inputFormat = InputFormatChoice("text") }
    try documents.check(files)
    let isExact = options.compatibility != nil
    var reader = DocumentReader(
      files,
      DocumentReader.Settings(
        rule: options.task == .pangu ? nil : options.task.rule(options.compatibility),
        shards: options.compatibility == nil ? shards : nil,
        blockBytes: options.blockBytes, maximumDocumentBytes: options.maximumDocumentBytes,
        readBytes: options.readBytes, options: documents, isExact: isExact,
        wholeFilesAreUnlimited: isExact && options.task == .panguWiki))
    var packer = RowPacker(
      RowPacker.Settings(
        length: options.sequenceLength, tail: options.tail, pad: vocabulary.padding ?? 0,
        schema: schema))
    let rules = EncodingRules(
      task: options.task, compatibility: options.compatibility, endOfText: vocabulary.endOfText,
      unknown: vocabulary.unknown,
      decoding: DocumentDecoder.Settings(
        inputs: files, options: documents, badUTF8: options.badUTF8),
      makeEncoder: vocabulary.makeEncoder)

    var counts = PreparationCounts()
    counts.files = files.count
    counts.unknownTokens = vocabulary.unknown == nil ? nil : 0
    func report() {
      progress.report(
        Progress(
          phase: "preparing", done: counts.inputBytes, total: shards.totalBytes, unit: "bytes"))
    }
    report()
    try OrderedMap(workers: options.workers).run(
      source: { () throws(DSXError) -> DocumentBlock? in try reader.next() },
      makeTransform: { () throws(DSXError) in
        var encoder = BlockEncoder(rules)
        return { (block: DocumentBlock) throws(DSXError) -> EncodedBlock in
          try encoder.encode(block)
        }
      },
      sink: { (block: EncodedBlock) throws(DSXError) in
        try packer.add(block, emit: emit)
        counts.inputBytes += block.inputBytes
        counts.documents += block.documents
        counts.skippedDocuments += block.skippedDocuments
        counts.filteredDocuments += block.filteredDocuments
        counts.tokens += block.ids.count
        counts.unknownTokens = counts.unknownTokens.map { $0 + block.unknownTokens }
        report()
      })
    try packer.finish(emit: emit)
    counts.rows = packer.rows
    counts.droppedTokens = packer.droppedTokens
    counts.paddingTokens = packer.paddingTokens
    return Result(
      counts: counts,
      digests: try InputFile.fingerprints(files, workers: options.workers).map(\.sha256))
  }
}
