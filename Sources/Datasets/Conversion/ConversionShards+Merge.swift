public import DSXCore
internal import Jobs

extension ConversionShards {
  /// Writes the sets from the parts and removes the work folder, unless `keepsWork`. Sets that are
  /// finished are found so; one whose merge was killed goes on.
  ///
  /// Throws `incomplete` with the list of shards that are missing or damaged.
  public func merge(_ path: String, keepsWork: Bool, progress: (Int, Int?) -> Void)
    throws(DSXError) -> [DatasetConversion.Outcome]
  {
    let (work, planned) = try planned(path)
    let lock = try WorkLock(path, exclusive: true, output: output)
    defer { lock.release() }
    var known: [DatasetConversion.Outcome?] = []
    for split in splits {
      known.append(try split.conversion.finished(at: split.target, holding: path))
    }
    if known.contains(where: { $0 == nil }) {
      try work.requireAll(verify: true, command: "dsx datasets convert run " + path)
      try folder?.begin()
    }
    let step = try work.step(Self.step)
    var outcomes: [DatasetConversion.Outcome] = []
    var first = 0
    for (number, split) in splits.enumerated() {
      let own = first..<first + planned[number].count
      first = own.upperBound
      if let outcome = known[number] {
        outcomes.append(outcome)
        continue
      }
      var (files, rows, skipped, reasons) = ([String](), 0, 0, [DSXError]())
      for shard in own {
        guard let manifest = try work.manifest(step, shard) else { continue }
        files.append(FilePath.join(work.part(step, shard), Self.file))
        rows += manifest.counts["rows"]?.int ?? 0
        skipped += manifest.counts["skipped"]?.int ?? 0
        reasons += (manifest.counts["reasons"]?.array ?? []).compactMap { DSXError(json: $0) }
      }
      let source = PartRows(
        files, schema: RecordMapping(planned[number].schema).record, rows: rows, skipped: skipped,
        reasons: Array(reasons.prefix(BadRows.keptReasons)))
      outcomes.append(try split.conversion.merge(source, to: split.target, inside: work, progress))
    }
    try folder?.finish()
    if !keepsWork { try work.remove() }
    return outcomes
  }
}

extension DatasetConversion {
  /// Writes the set at `path` from parts of the job in `shards`. Goes on with a merge that was killed.
  func merge(
    _ source: PartRows, to path: String, inside shards: WorkFolder,
    _ progress: (Int, Int?) -> Void
  ) throws(DSXError) -> Outcome {
    var rows: any ConversionRows = source
    let workPath = WorkFolder.path(forOutput: path)
    guard workPath != shards.path, FilePath.identity(workPath) != FilePath.identity(shards.path)
    else {
      // One file: what is under way lies in the folder of the parts.
      try FilePath.makeFolder(FilePath.join(shards.path, "records"))
      return try write(&rows, shards, path, progress)
    }
    let lock = try WorkLock(workPath, exclusive: true, output: path)
    defer { lock.release() }
    let work = try open(workPath, plan, path)
    let outcome = try write(&rows, work, path, progress)
    try work.remove()
    return outcome
  }
}
