internal import ArgumentParser
internal import DSXCore
internal import Preparation

/// The options of `dsx prepare` that decide the output.
struct PrepareArguments: ParsableArguments {
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "A file, or a quoted pattern with * ? [...] **; several may follow.",
      valueName: "path"))
  var input: [String] = []
  @Option(name: .shortAndLong, help: "The record file to write.")
  var output = "./prepared.mindrecord"
  @Option(
    help: """
      Token ids in a row. Default: 1025; 1024 for tnews, cmrc2018, gpt2-wikitext and chat.
      """)
  var seqLength: Int?
  @Option(
    help: """
      What the inputs are: text, wikitext, JSON lines with a text; TNEWS, CMRC2018, wikitext for \
      GPT-2; or conversations.
      """)
  var task = PreparationTask.pangu
  @Option(
    help: ArgumentHelp(
      "chat: a file with a chat template. Default: the one of the tokenizer's folder.",
      valueName: "path"))
  var chatTemplate: String?
  @Option(help: "Give the rows and file names of the original script exactly.")
  var compat: Compatibility?
  @Option(
    help: ArgumentHelp(
      "jieba (words, then SentencePiece), sentencepiece, gpt, or the path of a vocabulary.",
      valueName: "name|path"))
  var tokenizer = "jieba"
  @Option(
    name: [.customLong("vocab"), .customLong("model-file"), .customLong("model_file")],
    help: ArgumentHelp(
      "The vocabulary: a SentencePiece model; for gpt a folder with vocab.json and merges.txt. "
        + "Default: dsx's own Chinese and English one.", valueName: "path"))
  var vocab: String?
  @Option(
    help: ArgumentHelp(
      "The id that ends a document. Default: the id of the piece <eot>.", valueName: "id"))
  var eot: Int?
  @Option(
    help: ArgumentHelp(
      "The id that fills rows. Default: the id of the piece <pad>.", valueName: "id"))
  var pad: Int?
  @Option(
    help: """
      How documents become rows: each file alone, one after the other, few tokens of padding, \
      or each in rows of its own. Default: carry.
      """)
  var packing: PackingRule?
  @Option(
    help: """
      Rows that are not full: leave out and count, fill with <pad>, or keep. \
      Default: drop; pad with --packing best-fit and pad.
      """)
  var tail: TailPolicy?
  @Option(
    help: ArgumentHelp(
      "More columns, with commas: attention_mask, labels, position_ids, segment_ids, doc_ends.",
      valueName: "names"))
  var columns: String?
  @Option(help: "Put documents or rows of the whole corpus into a random order.")
  var shuffle = ShuffleRule.none
  @Option(help: "Chooses the order.")
  var seed: UInt64 = 1
  @Option(help: "Another order for the same seed.")
  var epoch = 0
  @Option(help: "Share of the documents that go to a second record set, OUTPUT.validation.")
  var validationRatio = 0.0
  @Option(help: "Chooses which documents.")
  var splitSeed: UInt64 = 1
  @OptionGroup(title: "Documents") var documents: DocumentArguments
  @OptionGroup(title: "Examples (tnews, cmrc2018)") var examples: ExampleArguments
  @OptionGroup(title: "Quality") var quality: QualityArguments
  @Option(help: "The name of the column of ids.")
  var dataColumnName = "input_ids"
  @Option(help: "Number of record files; each row is in one of them. Default: one for each shard.")
  var filePartition: Int?
  @Option(
    help: "Bytes of input for each shard. Default: 256 MiB, more for very large inputs.")
  var shardBytes: Int?
  @Option(help: "Refuse a document that is longer than this.")
  var maxDocumentBytes = 64 << 20
  @Flag(inversion: .prefixedNo, help: "Write the data card: report.json and report.html.")
  var card = true
  @Flag(help: "Replace an output that was made from other inputs or options.")
  var overwrite = false

  /// The options' meaning.
  func options(_ process: PrepareProcessArguments) throws(DSXError) -> PreparationOptions {
    var options = PreparationOptions(inputs: input)
    options.output = output
    options.task = task
    options.compatibility = compat
    options.sequenceLength = seqLength ?? (task.hasExamples || task == .chat ? 1024 : 1025)
    options.examples = examples.options
    if let chatTemplate {
      let file = try MappedFile(path: chatTemplate)
      options.chatTemplate = file.withBytes { String(decoding: $0, as: UTF8.self) }
    }
    options.packing = packing
    options.tail = tail
    options.columns = try Self.columns(columns)
    options.shuffle = shuffle
    options.seed = seed
    options.epoch = epoch
    options.validationRatio = validationRatio
    options.splitSeed = splitSeed
    options.documents = try documents.options()
    options.badUTF8 = documents.onBadUTF8
    options.quality = try quality.options()
    options.columnName = dataColumnName
    options.filePartition = filePartition
    options.shardBytes = shardBytes
    options.maximumDocumentBytes = maxDocumentBytes
    options.writesCard = card
    options.overwrite = overwrite
    options.workers = process.threads
    options.verify = process.verify
    options.keepsWork = process.keepWork
    options.tool = "dsx " + Version.current
    return options
  }

  private static func columns(_ names: String?) throws(DSXError) -> [RowColumn] {
    guard let names else { return [] }
    var columns: [RowColumn] = []
    for part in names.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
      let name = String(decoding: part, as: UTF8.self)
      guard let column = RowColumn(rawValue: name) else {
        throw DSXError(
          .unknownName, "there is no column '\(name)'",
          hint: "--columns takes " + RowColumn.allCases.map(\.rawValue).joined(separator: ", ")
            + ", with commas between them")
      }
      columns.append(column)
    }
    return columns
  }

  /// The preparation that they ask for.
  func preparation(_ options: PreparationOptions) throws(DSXError) -> Preparation {
    try options.check()
    try checkUse()
    let vocabulary = try PreparationVocabulary(
      PreparationVocabulary.Kind(ModelPlace.vocabulary(tokenizer)),
      path: vocab.map { ModelPlace.vocabulary($0) }, endOfText: eot, padding: pad,
      compatibility: compat, needsEndOfText: task != .chat, homes: .current(),
      workers: options.workers)
    return try Preparation(vocabulary, options)
  }

  /// Options that would do nothing are mistakes.
  private func checkUse() throws(DSXError) {
    if eot != nil, task == .chat {
      throw DSXError(
        .usage, "--eot ends documents, and a chat template ends its conversations itself",
        hint: "leave out --eot")
    }
  }
}
