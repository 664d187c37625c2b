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
  /// What happens to the tokens after the last whole row.
  public var tail = TailPolicy.drop
  /// What happens to text that is not UTF-8.
  public var badUTF8 = BadUTF8Policy.error
  /// The name of the only column.
  public var columnName = "input_ids"
  /// Number of record files.
  public var filePartition = 1
  /// Threads that encode; never changes the output.
  public var workers = 1
  /// Replace an output that was made from something else.
  public var overwrite = false
  /// A longer document is refused.
  public var maximumDocumentBytes = 64 << 20
  /// Bytes of input for each token stream.
  public var shardBytes = 256 << 20
  /// What the tasks with examples are asked besides.
  public var examples = ExampleOptions()
  /// Name and version of the tool, for the manifest.
  public var tool = "dsx"

  /// Bytes of a block of documents, and of one read: only tests change them.
  var blockBytes = 512 << 10
  var readBytes = 256 << 10

  /// Options for these inputs, defaults for the rest.
  public init(inputs: [String]) { self.inputs = inputs }

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
      (1...1000).contains(filePartition),
      "--file-partition must be 1 to 1000, not \(filePartition)")
    try require((1...1024).contains(workers), "--workers must be 1 to 1024, not \(workers)")
    try require(
      (1...(1 << 40)).contains(maximumDocumentBytes), "--max-document-bytes must be at least 1")
    try require(!columnName.isEmpty, "--data-column-name is empty")
    try require(!FilePath.split(output).name.isEmpty && output != "", "--output is empty")
    try require(
      compatibility == nil || tail == .drop,
      "--compat drops the tail of every file, so --tail \(tail.rawValue) cannot be had with it",
      "leave out --compat or --tail")
  }
}
