public import DSXCore

/// What a preparation is asked to do. Names and defaults are those of the command line.
public struct PreparationOptions: Sendable {
  /// Paths and quoted patterns of the inputs.
  public var inputs: [String]
  /// The record file to write.
  public var output = "prepared.mindrecord"
  /// What the inputs are.
  public var task = PreparationTask.pangu
  /// Whose rows to give exactly.
  public var compatibility: Compatibility?
  /// Tokens in a row.
  public var sequenceLength = 1025
  /// How documents become rows; nil: `carry`, under compat `concat`.
  public var packing: PackingRule?
  /// What happens to a row that is not full; nil: `drop`, with `best-fit` and `pad` packing `pad`.
  public var tail: TailPolicy?
  /// Columns beside the ids.
  public var columns: [RowColumn] = []
  /// What is put into a random order.
  public var shuffle = ShuffleRule.none
  /// Chooses the order.
  public var seed = PreparationOptions.standardSeed
  /// Another order for the same seed.
  public var epoch = 0
  /// Share of the documents that go to a second record set; 0: none.
  public var validationRatio = 0.0
  /// Chooses which.
  public var splitSeed = PreparationOptions.standardSeed
  /// Which documents are dropped.
  public var quality = QualityOptions()
  /// What the inputs hold, and how they become documents.
  public var documents = DocumentOptions()
  /// What happens to text that is not UTF-8.
  public var badUTF8 = BadUTF8Policy.error
  /// The name of the column of ids.
  public var columnName = "input_ids"
  /// Number of record files; nil: as many as there are shards.
  public var filePartition: Int?
  /// Threads that work; never changes the output.
  public var workers = 1
  /// Replace an output that was made from something else.
  public var overwrite = false
  /// Compare the hashes of parts that are there already.
  public var verify = false
  /// Leave the work folder behind.
  public var keepsWork = false
  /// Write the data card.
  public var writesCard = true
  /// A longer document is refused.
  public var maximumDocumentBytes = 64 << 20
  /// Bytes of input for each shard; nil: 256 MiB, doubled until there are at most 1000 shards.
  public var shardBytes: Int?
  /// What the tasks with examples are asked besides.
  public var examples = ExampleOptions()
  /// `chat`: the text of a chat template; nil takes the vocabulary's own.
  public var chatTemplate: String?
  /// Name and version of the tool, for the manifest.
  public var tool = "dsx"
  /// The command line, for the work folder: enough for another process to go on.
  public var arguments: [String] = []

  /// Bytes of a block of documents, and of one read: only tests change them.
  var blockBytes = 128 << 10
  var readBytes = 256 << 10

  /// The seeds where none is given.
  static let standardSeed: UInt64 = 1

  /// Options for these inputs, defaults for the rest.
  public init(inputs: [String]) { self.inputs = inputs }
}

extension PreparationOptions {
  /// The packing rule in effect.
  var packingRule: PackingRule {
    packing ?? (task == .chat ? .pad : compatibility == nil ? .carry : .concat)
  }

  /// The columns beside the ids: conversations are of no use without labels.
  var rowColumns: [RowColumn] {
    columns.isEmpty && task == .chat ? [.labels, .attentionMask] : columns
  }

  /// Whether there is a data card: examples are no documents.
  var hasCard: Bool { writesCard && !task.hasExamples }

  /// The tail policy in effect.
  var tailPolicy: TailPolicy {
    tail ?? (packingRule == .bestFit || packingRule == .pad ? .pad : .drop)
  }

  /// The record sets that are written.
  var sets: [DocumentSet] { validationRatio > 0 ? [.train, .validation] : [.train] }

  /// Throws `usage` for what cannot be done.
  public func check() throws(DSXError) {
    func require(_ holds: Bool, _ message: String, _ hint: String? = nil) throws(DSXError) {
      guard holds else { throw DSXError(.usage, message, hint: hint) }
    }
    try require(!inputs.isEmpty, "--input is missing", "give a file or a quoted pattern")
    try require(
      (2...(1 << 24)).contains(sequenceLength),
      "--seq-length must be 2 to \(1 << 24), not \(sequenceLength)")
    try require(
      (1...1000).contains(filePartition ?? 1),
      "--file-partition must be 1 to 1000, not \(filePartition ?? 1)")
    try require((1...1024).contains(workers), "--workers must be 1 to 1024, not \(workers)")
    try require(
      (1...(1 << 40)).contains(maximumDocumentBytes), "--max-document-bytes must be at least 1")
    try documents.check()
    try require((shardBytes ?? 1) > 0, "--shard-bytes must be at least 1")
    try require(epoch >= 0, "--epoch must be 0 or more, not \(epoch)")
    try require(
      shuffle != .none || (seed == Self.standardSeed && epoch == 0),
      "--seed and --epoch choose an order, and nothing is shuffled",
      "add --shuffle documents or rows, or leave them out")
    try require(
      validationRatio > 0 || splitSeed == Self.standardSeed,
      "--split-seed chooses the validation set, and there is none",
      "add --validation-ratio, or leave it out")
    try require(
      !quality.evaluationSets.isEmpty
        || quality.contaminationWords == QualityOptions().contaminationWords,
      "--decontaminate-ngram is for --decontaminate", "name the evaluation sets, or leave it out")
    try require(
      validationRatio >= 0 && validationRatio < 1,
      "--validation-ratio must be 0 or more and below 1, not \(validationRatio)")
    try require(!columnName.isEmpty, "--data-column-name is empty")
    try require(!FilePath.split(output).name.isEmpty && output != "", "--output is empty")
    let names = [columnName] + columns.map(\.rawValue)
    try require(Set(names).count == names.count, "a column is named twice")
    try checkPacking(require)
    try checkTask(require)
  }

  private func checkPacking(_ require: (Bool, String, String?) throws(DSXError) -> Void)
    throws(DSXError)
  {
    let rule = packingRule
    try require(
      compatibility == nil || tailPolicy == .drop,
      "--compat drops the tail of every file, so --tail \(tailPolicy.rawValue) cannot be had with it",
      "leave out --compat or --tail")
    try require(
      compatibility == nil || rule == .concat,
      "--compat packs every file alone, so --packing \(rule.rawValue) cannot be had with it",
      "leave out --compat or --packing")
    try require(
      !(rule == .bestFit || rule == .pad) || tailPolicy != .drop,
      "--packing \(rule.rawValue) with --tail drop would lose every row that is not full",
      "leave out --tail, or choose pad or keep")
    try require(
      shuffle != .documents || rule != .concat,
      "--packing concat keeps the documents of a file together, --shuffle documents does not",
      "choose --packing carry, or --shuffle rows")
    try require(
      compatibility == nil
        || (shuffle == .none && validationRatio == 0 && columns.isEmpty
          && !quality.isActive),
      "--compat gives the original's rows: they cannot be shuffled, split, filtered or given columns",
      "leave out --compat")
  }
}
