public import DSXCore

/// Adding rows to a finished set.
extension RecordWriter {
  /// A writer that adds rows behind those of the set that the file at `path` belongs to.
  ///
  /// After `finish()` the set has the same bytes as if all rows, old and new, had been written by one
  /// writer with the options that the set was written with. A set of MindSpore (or of `mindSporeExact`)
  /// is continued as MindSpore's `open_for_append` does: each `append` call is divided over the shards.
  /// Everything happens beside the set, which stays whole until the new one takes its place: a large set
  /// of one file is continued on a copy (which shares its blocks where the file system can), others are
  /// written anew. Needs the disk space of that copy; time as for writing all rows at worst.
  ///
  /// `rows` of the result starts with the rows that are there. Throws what opening the set throws,
  /// `unsupported` for version 2.0, `outputExists` while another process writes to the set or has left
  /// an unfinished new version of it, and once when an append was killed while its files were moved into
  /// place (they are in place then). `note`: what the caller knows this append by, for `finishAppend`.
  public static func appending(to path: String, note: String = "") throws(DSXError)
    -> RecordWriter
  {
    let target = try target(of: path)
    if let rows = try finishInterrupted(target) {
      throw DSXError(
        .outputExists,
        "an earlier write of this set was killed while its files were moved into place; "
          + "that is finished now and the set has \(rows) rows", file: path,
        hint: "look whether your rows are among them before you append again")
    }
    let old = try RecordReader(path: path)
    guard old.files[0].header.version == "3.0" else {
      throw DSXError(
        .unsupported, "rows can be appended to version 3.0 only; this is version 2.0", file: path,
        hint: "write the rows to a new set first")
    }
    let header = old.files[0].header
    var options = RecordWriterOptions()
    options.shards = header.addresses.count
    options.overwrite = true
    // The set itself is the safe state; a killed append starts again.
    options.checkpointBytes = nil
    options.mindSporeExact = header.checks == nil
    options.headerSize = header.checks?.isHeaderSizeFixed ?? true ? header.headerSize : nil
    options.pageSize = header.checks?.isPageSizeFixed ?? true ? header.pageSize : nil
    let names = header.addresses
    var writer = RecordWriter(
      folder: try AtomicFolder(target: target), names: names, plan: old.plan, options: options,
      replaced: names.flatMap { [$0, $0 + ".db"] })
    writer.note = note
    do throws(DSXError) { try writer.takeOver(old) } catch { throw writer.named(error) }
    return writer
  }

  /// Ends the append of that note to the set of `path` that was killed while its files were moved into
  /// place. Returns what it wrote; nil when there is none. Throws `outputExists` while it lives.
  public static func finishAppend(to path: String, note: String) throws(DSXError)
    -> RecordSummary?
  {
    // While files are moved, the first one may be old or new: both name the same files.
    let target = try target(of: path)
    AtomicFolder.takeBack(WriterCheckpoint.name, of: target)
    guard let folder = try AtomicFolder.leftover(of: target) else { return nil }
    do throws(DSXError) {
      guard let state = try WriterCheckpoint(reading: folder), state.stage == .publishing,
        !note.isEmpty, state.note == note
      else {
        folder.release()
        return nil
      }
      var writer = try left(in: folder, state)
      return try writer.finish()
    } catch {
      folder.release()
      throw error
    }
  }

  /// The path that the set's writer was given: that of its file, or the files' common beginning.
  static func target(of path: String) throws(DSXError) -> String {
    let (folder, name) = FilePath.split(path)
    guard FilePath.exists(path) else { return path }
    let file = try RecordFile(path: path, verify: false)
    let addresses = file.header.addresses
    guard addresses.count > 1 else { return path }
    let width = String(addresses.count - 1).utf8.count
    let base = String(decoding: name.utf8.dropLast(width), as: UTF8.self)
    return base.isEmpty ? path : FilePath.join(folder, base)
  }

  /// Moves the files of a writer that was killed while it moved them into place. Returns the set's rows;
  /// nil when there is no such writer. Throws `outputExists` while it lives.
  static func finishInterrupted(_ target: String) throws(DSXError) -> Int? {
    guard let folder = try AtomicFolder.leftover(of: target) else { return nil }
    do throws(DSXError) {
      guard let state = try WriterCheckpoint(reading: folder) else {
        folder.release()
        return nil
      }
      guard state.stage == .publishing else {
        throw DSXError(
          .outputExists,
          "a new version of this set was being written when its writer was killed "
            + "(\(state.rows) rows are safe)", file: folder.temporary,
          hint: "go on with that write, or remove the folder")
      }
      var writer = try left(in: folder, state)
      return try writer.finish().rows
    } catch {
      folder.release()
      throw error
    }
  }

  /// The writer that left a checkpoint, as far as the checkpoint tells: its rows still wait for `restore`.
  static func left(in folder: AtomicFolder, _ state: WriterCheckpoint) throws(DSXError)
    -> RecordWriter
  {
    let header = try state.header()
    var options = RecordWriterOptions()
    options.shards = header.addresses.count
    options.mindSporeExact = header.checks == nil
    options.headerSize = header.checks?.isHeaderSizeFixed ?? true ? header.headerSize : nil
    options.pageSize = header.checks?.isPageSizeFixed ?? true ? header.pageSize : nil
    options.totalRows = state.totalRows
    var writer = RecordWriter(
      folder: folder, names: header.addresses, plan: header.plan, options: options, replaced: [])
    try writer.restore(state)
    writer.isKept = true
    return writer
  }

  /// Brings this new writer to the state in which the writer of `old` was before it finished.
  private mutating func takeOver(_ old: RecordReader) throws(DSXError) {
    let first = old.files[0].header
    if case .exact = placement {
      try continueOnCopies(old)
      rows = old.count
      saved = first.compressionSize
      return
    }
    if try continueStream(old) { return }
    shards = []
    var cursor = old.cursor(batchRows: Self.batchRows(old))
    while let batch = try cursor.next() { try append(batch) }
  }

  /// Rows of a batch: about a mebibyte of them.
  private static func batchRows(_ old: RecordReader) -> Int {
    let bytes = old.files.reduce(0) { sum, file in
      sum + file.header.pages.reduce(0) { $0 + $1.used }
    }
    return max(1, min(4096, (1 << 20) / max(1, bytes / max(1, old.count))))
  }

  private mutating func continueOnCopies(_ old: RecordReader) throws(DSXError) {
    encoder.recordLimit = old.files[0].header.pageSize
    for (file, name) in zip(old.files, names) {
      let copy = try OutputFile(path: folder.path(name), copyOf: file.path)
      shards.append(ShardWriter(resuming: copy, header: file.header))
      if names.count > Self.openFiles { try copy.close() }
    }
  }

  /// Goes on with a set of one file whose sizes do not depend on the rows to come. False when they do.
  private mutating func continueStream(_ old: RecordReader) throws(DSXError) -> Bool {
    let file = old.files[0]
    guard names.count == 1, let checks = file.header.checks else { return false }
    let bytes = file.header.pages.reduce(0) { $0 + $1.used }
    let isFixed = options.headerSize != nil && options.pageSize != nil
    // The writer chose the sizes of a large set when its rows outgrew the memory kept for them.
    guard isFixed || bytes > Self.gatheredBytes else { return false }
    // Only these two pages are changed; all others keep their checksums, wrong or right.
    for (number, group) in file.groups.enumerated().suffix(1) {
      try file.check(page: group.blobPage, number)
      try file.check(page: group.rawPage, number)
    }
    try continueOnCopies(old)
    guard try shards[0].reopenGroup() else { return false }
    placement = .streaming
    rows = old.count
    saved = checks.saved
    return true
  }
}
