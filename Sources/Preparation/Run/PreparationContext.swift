internal import DSXCore
internal import Jobs
internal import Records

/// Everything that the steps of one preparation share: options, vocabulary, inputs, and how the work is
/// cut. Depends on data and options only.
struct PreparationContext: Sendable {
  let options: PreparationOptions
  let vocabulary: PreparationVocabulary
  let files: [InputFile]
  /// The table of shards.
  let shards: ByteShards
  /// How inputs become documents.
  let documents: DocumentOptions
  /// The quality stage, when it is on.
  let quality: QualityStage?
  /// What the plan says of a task with options of its own.
  let taskJSON: JSONValue
  /// `chat`: template and vocabulary.
  let chat: ChatRules?

  init(
    _ options: PreparationOptions, _ vocabulary: PreparationVocabulary, _ files: [InputFile],
    shardBytes: Int? = nil, quality: QualityStage?
  ) throws(DSXError) {
    self.options = options
    self.vocabulary = vocabulary
    self.files = files
    self.quality = quality
    chat =
      options.task == .chat
      ? try ChatRules(vocabulary.tokenizer, template: options.chatTemplate) : nil
    shards = try Self.shards(options, files.map(\.size), shardBytes)
    taskJSON = try Self.taskJSON(options, vocabulary)
    var documents = options.documents
    if options.task != .pangu {
      // These tasks cut lines or paragraphs themselves; what the inputs are packed in stays.
      var choice = InputFormatChoice("text")
      choice?.container = documents.inputFormat?.container
      documents.inputFormat = choice
    }
    try documents.check(files)
    self.documents = documents
  }

  /// A record set has at most so many files.
  static let maximumFiles = 1000

  private static func shards(
    _ options: PreparationOptions, _ sizes: [Int], _ planned: Int?
  ) throws(DSXError) -> ByteShards {
    if let planned { return ByteShards(sizes: sizes, size: planned) }
    // Everything that is drawn at random is drawn in the order of the rows.
    if options.task.hasExamples { return ByteShards(sizes: sizes, size: 1 << 60) }
    var table = ByteShards(sizes: sizes, size: options.shardBytes ?? 256 << 20)
    if options.shardBytes == nil {
      while table.count > maximumFiles, table.size < 1 << 60 {
        table = ByteShards(sizes: sizes, size: table.size * 2)
      }
    }
    guard table.count <= maximumFiles || options.filePartition != nil, table.count <= 1 << 20
    else {
      throw DSXError(
        .usage,
        "--shard-bytes \(table.size) cuts the input into \(table.count) shards, and a record set "
          + "has at most \(maximumFiles) files",
        hint: "leave out --shard-bytes, raise it, or give --file-partition")
    }
    return table
  }

  /// Whether a file belongs as a whole to the shard of its first byte.
  var keepsFilesWhole: Bool { options.packingRule == .concat }

  /// What a reader of shard `shard` is told (nil: of everything).
  func reader(shard: Int) -> DocumentReader {
    DocumentReader(
      files,
      DocumentReader.Settings(
        rule: options.task == .pangu ? nil : options.task.rule(options.compatibility),
        shards: shards, keepsFilesWhole: keepsFilesWhole, blockBytes: options.blockBytes,
        maximumDocumentBytes: options.maximumDocumentBytes, readBytes: options.readBytes,
        options: documents, isExact: options.compatibility != nil,
        wholeFilesAreUnlimited: options.compatibility != nil && options.task == .panguWiki),
      shard: shard)
  }

  /// Bytes of input that lie in a shard.
  func bytes(_ shard: Int) -> Int {
    max(0, min(shards.totalBytes, (shard + 1) * shards.size) - shard * shards.size)
  }

  /// What workers need to know.
  func rules(drops: DropList?) -> EncodingRules {
    EncodingRules(
      task: options.task, compatibility: options.compatibility, endOfText: vocabulary.endOfText,
      unknown: vocabulary.unknown,
      decoding: DocumentDecoder.Settings(
        inputs: files, options: documents, badUTF8: options.badUTF8),
      split: options.validationRatio > 0
        ? ValidationSplit(ratio: options.validationRatio, seed: options.splitSeed) : nil,
      quality: quality, drops: drops, card: options.hasCard, chat: chat,
      makeEncoder: vocabulary.makeEncoder)
  }

  /// A packer for one part.
  var packer: RowPacker {
    RowPacker(
      RowPacker.Settings(
        length: options.sequenceLength, rule: options.packingRule, tail: options.tailPolicy,
        pad: vocabulary.padding ?? 0,
        hasLabels: chat != nil))
  }

  /// The schema of the rows.
  var schema: Schema {
    options.task.hasExamples
      ? ExampleTask.schema(options) : PackedRows.schema(options.columnName, options.rowColumns)
  }

  private static func taskJSON(_ options: PreparationOptions, _ vocabulary: PreparationVocabulary)
    throws(DSXError) -> JSONValue
  {
    if options.task.hasExamples { return try options.examples.json() }
    guard options.task == .chat else { return .null }
    let rules = try ChatRules(vocabulary.tokenizer, template: options.chatTemplate)
    return ["chat_template_sha256": .string(rules.fingerprint)]
  }
}
