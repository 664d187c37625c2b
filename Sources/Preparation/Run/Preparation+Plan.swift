internal import DSXCore
internal import Glibc
internal import Jobs
internal import Records

/// What is to be made, and what is there already.
extension Preparation {
  func context(_ files: [InputFile], shardBytes: Int? = nil) throws(DSXError) -> PreparationContext
  {
    try PreparationContext(
      options, vocabulary, files, shardBytes: shardBytes,
      quality: options.quality.isActive ? try QualityStage(options.quality) : nil)
  }

  func output(_ context: PreparationContext) -> JobOutput {
    JobOutput(
      path: options.output,
      names: context.outputNames.flatMap { [$0, $0 + ".db"] } + besideNames(context))
  }

  /// The outcome when the output is there and was made from the same inputs and options.
  func finished(_ context: PreparationContext, _ output: JobOutput) throws(DSXError) -> Outcome? {
    try checkInputsAreSafe(context.files, output)
    let state = try output.inspect(overwrite: options.overwrite, mayReplace: mayReplace) {
      (manifest) throws(DSXError) -> JobPlan in
      try plan(context, like: manifest.plan)
    }
    guard case .finished(let manifest) = state else { return nil }
    // A run that died after its manifest was published leaves its work folder.
    let path = WorkFolder.path(forOutput: options.output)
    if !options.keepsWork, let work = try? WorkFolder(path: path), work.work.id == manifest.plan.id,
      let lock = try? WorkLock(path, exclusive: true, output: options.output)
    {
      try work.remove()
      lock.release()
    }
    WorkFolder.removeEmpty(path)
    return try outcome(context, manifest, finishedAlready: true)
  }

  func outcome(_ context: PreparationContext, _ manifest: JobManifest, finishedAlready: Bool)
    throws(DSXError) -> Outcome
  {
    Outcome(
      counts: try PreparationCounts(json: manifest.counts),
      files: context.outputNames.map {
        FilePath.join(FilePath.split(options.output).folder, $0)
      }, finishedAlready: finishedAlready)
  }

  /// Opens the work folder of this plan, or makes it. What another run left there is removed when it
  /// holds no finished part, or when it may be overwritten; `dropped` says then what was different in it.
  func openWork(
    _ context: PreparationContext, _ path: String, _ planned: JobPlan? = nil
  ) throws(DSXError) -> (work: WorkFolder, dropped: String?) {
    var dropped: String?
    let plan: JobPlan
    if let planned {
      plan = planned
    } else {
      plan = self.plan(
        context, try InputFile.fingerprints(context.files, workers: options.workers))
    }
    if FilePath.exists(FilePath.join(path, WorkPlan.fileName)) {
      let there = try? WorkFolder(path: path)
      if var there, there.work.id == plan.id {
        there.movesTo = FilePath.split(options.output).folder
        return (there, nil)
      }
      let reason = there.flatMap { plan.difference(from: $0.work.plan) } ?? "its plan differs"
      guard options.overwrite || there?.hasFinishedParts != true else {
        throw DSXError(
          .outputExists, "a run that was stopped left finished parts, and " + reason, file: path,
          hint: "run it with its own options to go on, add --overwrite to drop them, or choose "
            + "another --output")
      }
      dropped =
        (there?.hasFinishedParts == true ? "with" : "without") + " finished parts: " + reason
      try output(context).discardMoved(from: path)
      // All but the lock, which is ours.
      for name in try FilePath.list(path) where name != "lock" {
        try FilePath.removeTree(FilePath.join(path, name))
      }
    }
    let setup = PreparationSetup(
      files: context.files, arguments: options.arguments, folder: Self.currentFolder)
    var work = try WorkFolder.create(
      path: path, WorkPlan(plan: plan, steps: context.steps, setup: setup.json))
    work.movesTo = FilePath.split(options.output).folder
    return (work, dropped)
  }

  private static var currentFolder: String {
    guard let path = getcwd(nil, 0) else { return "." }
    defer { free(path) }
    return String(cString: path)
  }

  /// The plan for these inputs; hashes them only when all else is as in `earlier`.
  private func plan(_ context: PreparationContext, like earlier: JobPlan) throws(DSXError)
    -> JobPlan
  {
    let planned = plan(
      context, context.files.map { FileFingerprint(name: $0.name, size: $0.size, sha256: "") })
    var blank = earlier
    for index in blank.inputs.indices { blank.inputs[index].sha256 = "" }
    guard planned == blank else { return planned }
    return plan(context, try InputFile.fingerprints(context.files, workers: options.workers))
  }

  func plan(_ context: PreparationContext, _ inputs: [FileFingerprint]) -> JobPlan {
    JobPlan(
      kind: "prepare", tool: options.tool,
      options: [
        "task": .string(options.task.rawValue), "task_options": context.taskJSON,
        "compat": options.compatibility.map { .string($0.rawValue) } ?? .null,
        "tokenizer": vocabulary.fingerprint, "eot": .int(Int64(vocabulary.endOfText)),
        "pad": vocabulary.padding.map { .int(Int64($0)) } ?? .null,
        "documents": context.documents.json,
        "seq_length": .int(Int64(options.sequenceLength)),
        "packing": .string(options.packingRule.rawValue),
        "tail": .string(options.tailPolicy.rawValue),
        "columns": .array(options.rowColumns.map { .string($0.rawValue) }),
        "shuffle": .string(options.shuffle.rawValue),
        "seed": options.shuffle == .none ? .null : .string(String(options.seed)),
        "epoch": options.shuffle == .none ? .null : .int(Int64(options.epoch)),
        "validation_ratio": .double(options.validationRatio),
        "split_seed": options.validationRatio > 0 ? .string(String(options.splitSeed)) : .null,
        "quality": context.quality?.json ?? .null,
        "on_bad_utf8": .string(options.badUTF8.rawValue),
        "data_column_name": .string(options.columnName),
        "file_partition": .int(Int64(context.outputOptions.shards)),
        "max_document_bytes": .int(Int64(options.maximumDocumentBytes)),
      ], inputs: inputs, shardBytes: context.shards.size)
  }
}
