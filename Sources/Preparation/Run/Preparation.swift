public import DSXCore
internal import Jobs
internal import Records

/// A whole preparation: from input patterns to a published record set and its manifest.
public struct Preparation: Sendable {
  /// How it ended.
  public struct Outcome: Sendable {
    /// What was counted, now or by the run that wrote the output.
    public var counts: PreparationCounts
    /// The record files, in order.
    public var files: [String]
    /// Whether the output was there already, made from the same inputs and options.
    public var finishedAlready: Bool
  }

  private let vocabulary: PreparationVocabulary
  private let options: PreparationOptions
  private let pipeline: PreparationPipeline
  private let output: JobOutput
  private let recordOptions: RecordWriterOptions

  /// A preparation. Throws `usage` for options that cannot be kept.
  public init(_ vocabulary: PreparationVocabulary, _ options: PreparationOptions) throws(DSXError) {
    self.vocabulary = vocabulary
    self.options = options
    pipeline = try PreparationPipeline(vocabulary, options)
    var recordOptions = RecordWriterOptions()
    recordOptions.shards = options.filePartition
    recordOptions.naming = options.compatibility == .pangu ? .pangu : .mindRecord
    self.recordOptions = recordOptions
    output = JobOutput(
      path: options.output,
      names: recordOptions.fileNames(FilePath.split(options.output).name).flatMap {
        [$0, $0 + ".db"]
      })
  }

  /// Runs it, or finds it finished.
  ///
  /// Throws `nothingToDo` when no file matches or no row comes out, `outputExists` when something else
  /// is at the output, `io`, `malformed` and what the readers throw. Whatever it throws, nothing of
  /// this run is left at the output.
  public func run(progress: any ProgressSink) throws(DSXError) -> Outcome {
    let files = try InputExpansion.expand(options.inputs)
    try checkInputsAreSafe(files)
    let state = try output.inspect(overwrite: options.overwrite, mayReplace: isRecordSet) {
      (manifest) throws(DSXError) -> JobPlan in
      try plan(files, like: manifest.plan)
    }
    if case .finished(let manifest) = state {
      return Outcome(
        counts: try PreparationCounts(json: manifest.counts), files: paths, finishedAlready: true)
    }
    if !files.contains(where: { $0.size > 0 }) {
      try checkReadable(files)
      throw DSXError(
        .nothingToDo, files.count == 1 ? "the input is empty" : "all inputs are empty",
        file: files.first?.path)
    }
    let folder = try output.begin()
    do {
      let counts = try write(files, to: folder, progress)
      return Outcome(counts: counts, files: paths, finishedAlready: false)
    } catch {
      folder.discard()
      throw inPlace(error, folder)
    }
  }

  private var paths: [String] {
    recordOptions.fileNames(FilePath.split(options.output).name).map {
      FilePath.join(output.folder, $0)
    }
  }

  private func write(
    _ files: [InputFile], to folder: AtomicFolder, _ progress: any ProgressSink
  ) throws(DSXError) -> PreparationCounts {
    let target = folder.path(FilePath.split(options.output).name)
    var writer = try RecordWriter(
      path: target,
      schema: RecordSchema(
        pipeline.schema, description: options.task.description(options.compatibility)),
      options: recordOptions)
    let result = try pipeline.run(files, progress: progress) { (batch) throws(DSXError) in
      try writer.append(batch)
    }
    guard result.counts.rows > 0 else { throw noRows(result.counts) }
    _ = try writer.finish()
    let inputs = zip(files, result.digests).map {
      FileFingerprint(name: $0.name, size: $0.size, sha256: $1)
    }
    _ = try output.publish(folder, plan: plan(inputs), counts: result.counts.json)
    return result.counts
  }

  /// The plan for these inputs; hashes them only when all else is as in `earlier`.
  private func plan(_ files: [InputFile], like earlier: JobPlan) throws(DSXError) -> JobPlan {
    var inputs = files.map { FileFingerprint(name: $0.name, size: $0.size, sha256: "") }
    var blank = earlier
    for index in blank.inputs.indices { blank.inputs[index].sha256 = "" }
    let planned = plan(inputs)
    guard planned == blank else { return planned }
    for (index, file) in files.enumerated() {
      inputs[index] = try FileFingerprint.of(path: file.path)
    }
    return plan(inputs)
  }

  private func plan(_ inputs: [FileFingerprint]) -> JobPlan {
    JobPlan(
      kind: "prepare", tool: options.tool,
      options: [
        "task": .string(options.task.rawValue),
        "compat": options.compatibility.map { .string($0.rawValue) } ?? .null,
        "tokenizer": vocabulary.fingerprint, "eot": .int(Int64(vocabulary.endOfText)),
        "documents": options.documents.json,
        "seq_length": .int(Int64(options.sequenceLength)), "tail": .string(options.tail.rawValue),
        "on_bad_utf8": .string(options.badUTF8.rawValue),
        "data_column_name": .string(options.columnName),
        "file_partition": .int(Int64(options.filePartition)),
        "max_document_bytes": .int(Int64(options.maximumDocumentBytes)),
      ], inputs: inputs, shardBytes: options.shardBytes)
  }
}

extension Preparation {
  /// An input that is also a file of the output would be lost.
  private func checkInputsAreSafe(_ files: [InputFile]) throws(DSXError) {
    var outputs: [FilePath.Identity: String] = [:]
    for name in output.names + [output.manifestName] {
      let path = FilePath.join(output.folder, name)
      if let identity = FilePath.identity(path) { outputs[identity] = path }
    }
    for file in files {
      guard let identity = FilePath.identity(file.path), let path = outputs[identity] else {
        continue
      }
      throw DSXError(
        .usage, "the output '\(path)' is one of the inputs", file: file.path,
        hint: "choose another --output")
    }
  }

  /// Whether a file without a manifest may be replaced when asked to: only what MindSpore or dsx wrote.
  private func isRecordSet(_ path: String) -> Bool { (try? RecordReader(path: path)) != nil }

  /// Files that claim to be empty but cannot be read (as in /proc) must fail as unreadable instead.
  private func checkReadable(_ files: [InputFile]) throws(DSXError) {
    for file in files {
      let stream = try file.open()
      var bytes: [UInt8] = []
      _ = try stream.read(upTo: 1, into: &bytes)
    }
  }

  private func noRows(_ counts: PreparationCounts) -> DSXError {
    let each = options.compatibility == nil ? "" : " of one file"
    var message =
      "the inputs have \(counts.tokens) tokens in \(counts.documents) documents, and a row "
    message += "needs \(options.sequenceLength)\(each): there is no row to write"
    if counts.skippedDocuments > 0 {
      message += " (\(counts.skippedDocuments) documents with bad UTF-8 were left out)"
    }
    return DSXError(
      .nothingToDo, message,
      hint: options.compatibility == nil
        ? "choose a smaller --seq-length, or --tail pad or keep" : "choose a smaller --seq-length")
  }

  /// An error that names a temporary file names the file that it was to become.
  private func inPlace(_ error: DSXError, _ folder: AtomicFolder) -> DSXError {
    guard let file = error.location.file, file.utf8.starts(with: folder.temporary.utf8) else {
      return error
    }
    var error = error
    error.location.file = options.output
    return error
  }
}
