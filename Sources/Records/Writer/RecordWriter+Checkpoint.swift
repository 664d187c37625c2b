public import DSXCore

/// Making rows safe while a set is being written.
extension RecordWriter {
  /// Counts bytes that went to disk, and makes a checkpoint when enough of them did.
  mutating func wrote(_ bytes: Int) throws(DSXError) {
    uncheckedBytes += bytes
    guard let interval = options.checkpointBytes, uncheckedBytes >= interval else { return }
    try checkpoint()
  }

  /// Flushes all rows that left the memory, then what is needed to go on behind them.
  mutating func checkpoint() throws(DSXError) {
    let stage: WriterCheckpoint.Stage
    switch placement {
    case .exact: stage = .exact
    case .streaming: stage = .streaming
    case .spooling: stage = .spooling
    case .gathering, .published: return
    }
    var state = WriterCheckpoint(
      stage: stage, rows: rows - pending.rows, saved: saved, longest: longestRecord,
      totalRows: options.totalRows, template: template)
    if let spool {
      if options.isDurable { try spool.sync() } else { try spool.drain() }
      state.spool = spool.bytes
    } else {
      for shard in shards where !shard.header.pages.isEmpty {
        try shard.file.drain()
        if options.isDurable, shard.isDirty { try shard.file.sync() }
        shard.isDirty = false
        if names.count > Self.openFiles { try shard.file.close() }
        state.shards.append(shard.checkpoint())
      }
    }
    try state.write(to: folder, durable: options.isDurable)
    uncheckedBytes = 0
    if options.keepsUnfinished { folder.keep() }
  }

  /// The header without pages: schema, names, and the sizes that were asked for.
  var template: [UInt8] {
    var text = ByteStore()
    ShardHeader(
      headerSize: options.headerSize ?? ShardHeader.headerSizes.upperBound,
      pageSize: options.pageSize ?? ShardHeader.pageSizes.upperBound, pages: [],
      compressionSize: 0, plan: encoder.plan, addresses: addresses, shard: 0, checks: emptyChecks
    ).write(into: &text)
    return Array(text.bytes)
  }

  /// Makes everything so far safe and gives it up for a later `resume`; this writer is done.
  ///
  /// Returns the number of rows that are safe. It is 0, and nothing is left behind, for a set that is
  /// still held in memory (less than 32 MiB with automatic sizes). Throws `io`.
  public mutating func suspend() throws(DSXError) -> Int {
    guard isOpen else { throw DSXError(.internal, "a finished record writer was suspended") }
    do throws(DSXError) {
      switch placement {
      case .gathering, .published: break
      case .streaming, .spooling: try drain()
      case .exact: break
      }
      try checkpoint()
    } catch {
      abandon(error)
      throw named(error)
    }
    guard WriterCheckpoint.exists(in: folder) else {
      discard()
      return 0
    }
    give(up: .keeping)
    return rows
  }
}
