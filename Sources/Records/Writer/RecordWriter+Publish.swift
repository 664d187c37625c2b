internal import DSXCore

/// Headers, indexes, and the move into place.
extension RecordWriter {
  /// Throws unless the file at `path` is one that an overwriting writer may replace: a data file of a record
  /// set, damaged or not, or an index.
  private static func checkReplaceable(_ path: String) throws(DSXError) {
    guard !FilePath.isFolder(path) else {
      throw DSXError(
        .usage, "the output is a folder", file: path,
        hint: "name a file: a record set is made of files")
    }
    if RecordReader.isPartOfSet(path) { return }
    let file = FilePath.isPlainFile(path) ? try? MappedFile(path: path) : nil
    defer { withExtendedLifetime(file) {} }
    // A set that is damaged still begins as one.
    if let file, file.bytes.dropFirst(8).starts(with: Array("{\"header_size\":".utf8)) { return }
    if path.utf8.suffix(3).elementsEqual(".db".utf8), let file,
      file.bytes.starts(with: Array("SQLite format 3\0".utf8))
    {
      return
    }
    throw DSXError(
      .outputExists, "dsx did not write it, so --overwrite does not replace it", file: path,
      hint: "choose another output, or move the file away")
  }

  /// The files of these names that exist, with their indexes and with the other files of their set.
  static func existing(_ names: [String], in folder: String, overwrite: Bool) throws(DSXError)
    -> [String]
  {
    var found: [String] = []
    for name in names {
      for file in [name, name + ".db"] where FilePath.exists(FilePath.join(folder, file)) {
        guard overwrite else {
          throw DSXError(
            .outputExists, "the output exists already", file: FilePath.join(folder, file),
            hint: "choose another output, or give --overwrite")
        }
        try checkReplaceable(FilePath.join(folder, file))
        found.append(file)
      }
    }
    // A set of more shards than the new one must not leave its last files behind.
    if let first = found.first(where: { !$0.hasSuffix(".db") }),
      let old = try? RecordFile(path: FilePath.join(folder, first))
    {
      for name in old.header.addresses where !names.contains(name) {
        // The list is as much input as any file: only what says the same of itself is of that set.
        guard let other = try? RecordFile(path: FilePath.join(folder, name)),
          other.header.addresses == old.header.addresses
        else { continue }
        found.append(name)
        if FilePath.exists(FilePath.join(folder, name + ".db")) { found.append(name + ".db") }
      }
    }
    return found
  }

  mutating func publish(_ companions: Companions) throws(DSXError) -> RecordSummary {
    var bytes = 0
    for shard in shards { try shard.complete(durable: options.isDurable) }
    // Nobody knows the other parts: their sum is not said, and no bytes saved by them.
    let set = options.part == nil ? HeaderChecks.set(shards.map(\.digest)) : 0
    for shard in shards {
      bytes += try shard.finish(saved: options.part == nil ? saved : 0, set: set)
    }
    let durable = options.isDurable
    for (name, shard) in zip(names, shards) where !shard.hasIndex {
      let path = folder.path(name)
      try indexing.submit {
        do throws(DSXError) {
          try IndexFile.write(RecordFile(path: path), name: name, to: path + ".db")
          if durable { try FilePath.flush(path + ".db") }
        } catch { return error }
        return nil
      }
    }
    // The disk takes the pages while the indexes are made.
    if durable { for name in names { try FilePath.flush(folder.path(name)) } }
    try indexing.wait()
    let first = shards[0].header
    let summary = RecordSummary(
      files: names.map { FilePath.join(folder.folder, $0) }, rows: rows,
      rowsPerShard: shards.map(\.rows), bytes: bytes, headerSize: first.headerSize,
      pageSize: first.pageSize)
    // The first data file, through which a set is opened, comes last.
    var files = names.map { $0 + ".db" } + names.reversed()
    let temporary = folder
    for file in try companions(summary, { temporary.path($0) }) {
      guard FilePath.isPlainName(file.name), !files.contains(file.name) else {
        throw DSXError(.internal, "a file beside a record set has a name that cannot be")
      }
      try FilePath.write(file.bytes, to: folder.path(file.name))
      if durable { try FilePath.flush(folder.path(file.name)) }
      files.append(file.name)
    }
    // From here on a killed process leaves a finished set that only has to be moved.
    let state = WriterCheckpoint(
      stage: .publishing, rows: rows, totalRows: options.totalRows, template: template,
      files: files, removed: replaced.filter { !files.contains($0) }, note: note)
    // Its flushes are spared for a new set without checkpoints: there is nothing that a power loss could
    // take that was safe before.
    let guards = !replaced.isEmpty || WriterCheckpoint.exists(in: folder)
    try state.write(to: folder, durable: options.isDurable && guards)
    isKept = true
    try move(state)
    return summary
  }

  /// Moves the files of a finished set into place. Files of the same names are replaced one by one, those
  /// of a larger old set go before: a reader that comes between finds files of different writes, which it
  /// refuses, or none.
  private func move(_ state: WriterCheckpoint) throws(DSXError) {
    for file in state.removed { try FilePath.removeTree(FilePath.join(folder.folder, file)) }
    let left = state.files.filter { FilePath.exists(folder.path($0)) }
    // Whoever goes on with an append must know to the very end that it was this one.
    try folder.publish(
      left, flushed: true, durable: options.isDurable,
      last: state.note.isEmpty ? nil : WriterCheckpoint.name)
  }

  /// Moves what a killed process had finished.
  mutating func finishPublishing(_ state: WriterCheckpoint) throws(DSXError) -> RecordSummary {
    try move(state)
    let files = names.map { FilePath.join(folder.folder, $0) }
    let reader = try RecordReader(files: files)
    let info = reader.info
    return RecordSummary(
      files: files, rows: reader.count, rowsPerShard: info.files.map(\.rows),
      bytes: info.files.reduce(0) { $0 + $1.bytes }, headerSize: info.headerSize,
      pageSize: info.pageSize)
  }
}
