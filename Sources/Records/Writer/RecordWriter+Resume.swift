public import DSXCore

/// Going on with a set that another process was writing.
extension RecordWriter {
  /// Goes on with the set at `path` that a writer with the same schema and options was writing when it
  /// was killed, suspended or failed.
  ///
  /// `rows` of the result says how many rows are safe: skip as many of the same rows, append the others
  /// and call `finish()`. The files are then byte-identical to those of an undisturbed run. Without a
  /// checkpoint this is a new writer (`rows` is 0). When the other process was killed while it moved
  /// finished files into place, `rows` counts them all and only `finish()` is left.
  ///
  /// Throws `usage` when schema or options differ, `outputExists` when the set is there already or its
  /// writer is still alive, `io`, `corrupt`.
  public static func resume(
    path: String, schema: RecordSchema, options: RecordWriterOptions = .init()
  ) throws(DSXError) -> RecordWriter {
    try options.check()
    let plan = try RecordPlan(schema, floatsIndexed: options.mindSporeExact)
    let (parent, name) = FilePath.split(path)
    try RecordWriterOptions.check(name: name)
    guard let folder = try AtomicFolder.leftover(of: path) else {
      return try RecordWriter(path: path, schema: schema, options: options)
    }
    guard let state = try leftState(folder) else {
      folder.discard()
      return try RecordWriter(path: path, schema: schema, options: options)
    }
    let names = options.fileNames(name)
    let replaced: [String]
    do throws(DSXError) {
      replaced =
        state.stage == .publishing
        ? [] : try existing(names, in: parent, overwrite: options.overwrite)
    } catch {
      folder.release()
      throw error
    }
    var writer = RecordWriter(
      folder: folder, names: names, plan: plan, options: options, replaced: replaced)
    writer.isKept = true
    guard writer.template == state.template, options.totalRows == state.totalRows else {
      throw DSXError(
        .usage, "an unfinished write of '\(path)' has another schema or other options",
        file: folder.temporary,
        hint: "go on with the same schema and options, or remove that folder and start again")
    }
    try writer.restore(state)
    return writer
  }

  /// Whether a killed writer left the set at `path` finished, with some of its files moved into place and
  /// the others not: `resume` moves these, and needs those where they are. Throws `io`, `outputExists` while
  /// the writer is alive.
  public static func isHalfPublished(_ path: String) throws(DSXError) -> Bool {
    guard let folder = try AtomicFolder.leftover(of: path) else { return false }
    defer { folder.release() }
    return try WriterCheckpoint(reading: folder)?.stage == .publishing
  }

  /// The checkpoint of a folder; gives the folder up when it cannot be read.
  private static func leftState(_ folder: AtomicFolder) throws(DSXError) -> WriterCheckpoint? {
    do throws(DSXError) { return try WriterCheckpoint(reading: folder) } catch {
      folder.release()
      throw error
    }
  }

  /// Takes over the state of a checkpoint and brings the files back to it.
  mutating func restore(_ state: WriterCheckpoint) throws(DSXError) {
    isKept = true
    do throws(DSXError) {
      rows = state.rows
      saved = state.saved
      longestRecord = state.longest
      switch state.stage {
      case .publishing:
        placement = .published(state)
      case .spooling:
        placement = .spooling
        spool = try RowSpool(resuming: folder, bytes: state.spool)
      case .streaming, .exact: try restoreShards(state)
      }
    } catch { throw named(error) }
    isKept = options.keepsUnfinished
  }

  private mutating func restoreShards(_ state: WriterCheckpoint) throws(DSXError) {
    guard let first = state.shards.first?.header else {
      throw DSXError(.corrupt, "the checkpoint lists no pages", file: folder.temporary)
    }
    placement = state.stage == .exact ? .exact : .streaming
    encoder.recordLimit = first.pageSize
    try openShards(header: first.headerSize, page: first.pageSize, resuming: state.shards)
  }
}

extension RowSpool {
  /// Goes on with the spool of a killed writer: what came after its checkpoint is cut off.
  convenience init(resuming folder: AtomicFolder, bytes: (blob: Int, raw: Int)) throws(DSXError) {
    let files = (
      blob: try OutputFile(existing: folder.path(Self.blobName)),
      raw: try OutputFile(existing: folder.path(Self.rawName))
    )
    for (file, count) in [(files.blob, bytes.blob), (files.raw, bytes.raw)] {
      guard count >= 0, try file.size() >= count else {
        throw DSXError(
          .corrupt,
          "the spool ends before byte \(count), up to which its checkpoint speaks of rows",
          file: file.path, hint: "remove the temporary folder and start again")
      }
      try file.truncate(to: count)
    }
    self.init(blob: files.blob, raw: files.raw, bytes: bytes)
  }
}
