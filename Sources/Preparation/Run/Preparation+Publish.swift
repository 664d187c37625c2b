internal import DSXCore
internal import Jobs
internal import Records

/// From finished parts to the output.
extension Preparation {
  /// Moves the record files of the last step into place, with what else belongs to the output.
  func publish(
    _ context: PreparationContext, _ work: WorkFolder, _ output: JobOutput, _ ledger: CardLedger,
    seconds: Double
  ) throws(DSXError) -> Outcome {
    var counts = try totals(work)
    counts.files = context.files.count
    counts.inputBytes = context.shards.totalBytes
    guard counts.rows - counts.validationRows > 0 else { throw noRows(counts) }
    var (sources, digests) = try outputFiles(context, work)
    if let dropped = try droppedFile(context, work) {
      sources.insert(dropped, at: 0)
      digests.append(try FileDigest(path: dropped))
    }
    digests.sort { $0.name.utf8Precedes($1.name) }
    let manifest = JobManifest(
      plan: work.work.plan, outputs: digests.map(\.fingerprint), counts: counts.json)
    sources.insert(contentsOf: try cardFiles(context, work, counts, ledger, seconds), at: 0)
    try output.publish(
      sources, manifest, from: work, obsolete: obsolete(output, besides: sources))
    if !options.keepsWork { try work.remove() }
    return try outcome(context, manifest, finishedAlready: false)
  }

  /// Data cards and dropped documents of an earlier job that this one has none of: they would be taken
  /// for its own.
  private func obsolete(_ output: JobOutput, besides sources: [String]) -> [String] {
    let own = Set(sources.map { FilePath.split($0).name })
    return Self.besideSuffixes.map { FilePath.split(options.output).name + $0 }
      .filter { !own.contains($0) }.map { FilePath.join(output.folder, $0) }
      .filter { FilePath.isPlainFile($0) && isBeside($0) }
  }

  /// What the parts of all steps counted.
  private func totals(_ work: WorkFolder) throws(DSXError) -> PreparationCounts {
    typealias Name = PreparationContext.StepName
    var counts = PreparationCounts()
    for step in work.work.steps where step.name == Name.encode || step.name == Name.pack {
      for shard in 0..<step.shards {
        guard let manifest = try work.manifest(step, shard) else {
          throw DSXError(
            .incomplete, "shard \(shard) of step \(step.name) is missing", file: work.path)
        }
        counts.add(try PreparationCounts(json: manifest.counts))
      }
    }
    return counts
  }

  /// The files of the output, where they lie now, in the order in which they are moved: indexes first,
  /// the first data file, through which a set is opened, last.
  private func outputFiles(_ context: PreparationContext, _ work: WorkFolder) throws(DSXError)
    -> (sources: [String], digests: [FileDigest])
  {
    let step = try work.step(context.lastStep)
    var sources: [String: String] = [:]
    var digests: [FileDigest] = []
    let names = context.outputNames
    let wanted = Set(names.flatMap { [$0, $0 + ".db"] })
    for shard in 0..<step.shards {
      guard let manifest = try work.manifest(step, shard) else {
        throw DSXError(
          .incomplete, "shard \(shard) of step \(step.name) is missing", file: work.path)
      }
      for file in manifest.files where wanted.contains(file.name) {
        sources[file.name] = FilePath.join(work.part(step, shard), file.name)
        digests.append(file)
      }
    }
    var order: [String] = []
    for name in names.map({ $0 + ".db" }) + names.reversed() {
      guard let source = sources[name] else {
        throw DSXError(.corrupt, "no part has the file '\(name)'", file: work.path)
      }
      order.append(source)
    }
    return (order, digests)
  }

  /// After an error: a work folder without a finished part is removed; else the error says how to go on.
  func cleanUp(after error: DSXError, _ path: String) -> DSXError {
    let work = try? WorkFolder(path: path)
    guard let work, work.hasFinishedParts, error.code != .nothingToDo else {
      if work != nil || !FilePath.exists(FilePath.join(path, WorkPlan.fileName)) {
        try? FilePath.removeTree(path)
      }
      return inPlace(error, path)
    }
    guard error.code != .outputExists else { return error }
    var told = inPlace(error, path)
    let more = "the parts that are finished are kept: the same command goes on from there"
    told.hint = told.hint.map { $0 + "; " + more } ?? more
    return told
  }

  /// An error that names a temporary file names the file that it was to become.
  private func inPlace(_ error: DSXError, _ path: String) -> DSXError {
    guard let file = error.location.file, file.utf8.starts(with: (path + "/").utf8) else {
      return error
    }
    var error = error
    error.location.file = options.output
    return error
  }

  /// An input that is also a file of the output would be lost.
  func checkInputsAreSafe(_ files: [InputFile], _ output: JobOutput) throws(DSXError) {
    var outputs: [FilePath.Identity: String] = [:]
    for name in output.names + [output.manifestName] {
      let path = FilePath.join(output.folder, name)
      if let identity = FilePath.identity(path) { outputs[identity] = path }
    }
    guard !outputs.isEmpty else { return }
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
  func mayReplace(_ path: String) -> Bool {
    RecordReader.isPartOfSet(path) || isBeside(path)
  }

  /// Files that claim to be empty but cannot be read (as in /proc), or that no compressor or archiver writes, must
  /// fail as that instead.
  func checkNotEmpty(_ files: [InputFile]) throws(DSXError) {
    guard !files.contains(where: { $0.size > 0 }) else { return }
    let documents = options.documents
    for file in files {
      var contents = try InputContents(
        file, documents.format(of: file.path).format, documents.limits)
      var bytes: [UInt8] = []
      _ = try contents.next()?.source.read(upTo: 1, into: &bytes)
    }
    throw DSXError(
      .nothingToDo, files.count == 1 ? "the input is empty" : "all inputs are empty",
      file: files.first?.path)
  }

  private func noRows(_ counts: PreparationCounts) -> DSXError {
    let each = options.compatibility == nil ? "" : " of one file"
    var message =
      "the inputs have \(counts.tokens) tokens in \(counts.documents) documents, and a row "
    message += "needs \(options.sequenceLength)\(each): there is no row to write"
    if counts.skippedDocuments > 0 {
      message += " (\(counts.skippedDocuments) documents with bad UTF-8 were left out)"
    }
    if counts.droppedDocuments > 0 {
      message += " (\(counts.droppedDocuments) documents were dropped by the quality stage)"
    }
    if counts.validationDocuments > 0 {
      message += " (\(counts.validationDocuments) documents went to the validation set)"
    }
    return DSXError(
      .nothingToDo, message,
      hint: options.compatibility == nil
        ? "choose a smaller --seq-length, or --tail pad or keep" : "choose a smaller --seq-length")
  }
}
