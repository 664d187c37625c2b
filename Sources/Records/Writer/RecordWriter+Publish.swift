internal import DSXCore

/// Headers, indexes, and the move into place.
extension RecordWriter {
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
        found.append(file)
      }
    }
    // A set of more shards than the new one must not leave its last files behind.
    if let first = found.first(where: { !$0.hasSuffix(".db") }),
      let old = try? RecordFile(path: FilePath.join(folder, first))
    {
      for name in old.header.addresses where !names.contains(name) {
        for file in [name, name + ".db"] where FilePath.exists(FilePath.join(folder, file)) {
          found.append(file)
        }
      }
    }
    return found
  }

  mutating func publish() throws(DSXError) -> RecordSummary {
    var bytes = 0
    for shard in shards {
      try shard.closeGroup()
      bytes += try shard.finish(saved: options.part == nil ? saved : 0)
    }
    for name in names {
      let path = folder.path(name)
      try IndexFile.write(RecordFile(path: path), name: name, to: path + ".db")
    }
    // What is replaced goes first and the first data file, through which a set is opened, comes last:
    // nobody ever sees a mixture of two sets.
    for file in replaced { try FilePath.removeTree(FilePath.join(folder.folder, file)) }
    try folder.publish(names.map { $0 + ".db" } + names.reversed())
    let first = shards[0].header
    return RecordSummary(
      files: names.map { FilePath.join(folder.folder, $0) }, rows: rows,
      rowsPerShard: shards.map(\.rows), bytes: bytes, headerSize: first.headerSize,
      pageSize: first.pageSize)
  }
}
