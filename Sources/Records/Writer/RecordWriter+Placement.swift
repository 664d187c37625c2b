internal import DSXCore

/// From encoded rows to shards.
extension RecordWriter {
  /// Makes the shards' files with their (still empty) headers, or goes on with those of a checkpoint.
  ///
  /// `bytes` is how many are to be written at least, if that is known: a few are written at once.
  mutating func openShards(
    header: Int, page: Int, resuming left: [WriterCheckpoint.Shard] = [], bytes: Int = .max
  ) throws(DSXError) {
    for (shard, name) in names.enumerated() {
      let writer: ShardWriter
      if let state = left.first(where: { $0.number == shard }) {
        writer = ShardWriter(
          resuming: try OutputFile(existing: folder.path(name)), header: state.header,
          openGroup: state.openGroup)
        writer.written = state.written
        try writer.rewind()
      } else {
        writer = try ShardWriter(
          path: folder.path(name),
          header: ShardHeader(
            headerSize: header, pageSize: page, pages: [], compressionSize: 0, plan: encoder.plan,
            addresses: addresses, shard: (options.part ?? 0) + shard,
            checks: emptyChecks))
      }
      prepare(writer, bytes)
      if names.count > Self.openFiles { try writer.file.close() }
      shards.append(writer)
    }
  }

  /// Lets the threads help with a shard: one writes, one makes the index.
  private mutating func prepare(_ writer: ShardWriter, _ bytes: Int) {
    // Under exact placement rows go to both pages in turn, and groups are closed by the call.
    guard !options.mindSporeExact else { return }
    if names.count <= Self.openFiles, bytes >= options.blockBytes {
      writer.file.behind = writingBehind()
    }
    // What an earlier process wrote is indexed from the finished file.
    if writer.rows == 0 { writer.indexing = indexing }
  }

  /// The thread that writes, made when it is needed.
  mutating func writingBehind() -> WriteBehind {
    if let behind { return behind }
    let made = WriteBehind(blockBytes: options.blockBytes)
    behind = made
    return made
  }

  /// The checks of a shard without pages; none under `mindSporeExact`.
  var emptyChecks: HeaderChecks? {
    guard !options.mindSporeExact else { return nil }
    return HeaderChecks(
      isHeaderSizeFixed: options.headerSize != nil, isPageSizeFixed: options.pageSize != nil)
  }

  /// More shards than this are opened only while they are written.
  static var openFiles: Int { 64 }

  /// The gathered rows outgrew the memory that they may take: choose sizes for a large set and write on,
  /// or spool when it is not known how many rows each shard gets.
  mutating func settle() throws(DSXError) {
    if names.count > 1, options.totalRows == nil {
      spool = try RowSpool(folder)
      spool?.write(by: writingBehind())
      placement = .spooling
    } else {
      let sizes = try RecordSizes.large(
        options, base: baseHeaderBytes, longest: longestRecord)
      encoder.recordLimit = sizes.page
      try openShards(header: sizes.header, page: sizes.page)
      placement = .streaming
    }
    try drain()
    // From now on rows are held for a moment only: what they were gathered in is given back.
    pending = EncodedRows()
  }

  /// Hands the pending rows on.
  mutating func drain() throws(DSXError) {
    saved += pending.saved
    let bytes = pending.bytes
    if let spool {
      try spool.append(blob: pending.blob.bytes, raw: pending.raw.bytes, rows: pending.rows)
    } else {
      let first = rows - pending.rows
      try stream(
        blob: pending.blob.bytes, raw: pending.raw.bytes, first: first, rows: pending.rows,
        total: options.totalRows ?? rows)
    }
    pending.removeAll()
    try wrote(bytes)
  }

  /// Streams rows `first`..<`first + count` of `total` to the shards that they belong to.
  private func stream(
    blob: UnsafeRawBufferPointer, raw: UnsafeRawBufferPointer, first: Int, rows count: Int,
    total: Int
  ) throws(DSXError) {
    guard names.count > 1 else {
      try shards[0].stream(blob: blob, raw: raw, rows: count)
      return
    }
    var blobAt = 0
    var rawAt = 0
    var done = 0
    while done < count {
      let shard = RecordSizes.shard(of: first + done, rows: total, shards: names.count)
      let end = RecordSizes.firstRow(of: shard + 1, rows: total, shards: names.count)
      guard shard < names.count else {
        throw DSXError(.malformed, "more rows came than the \(total) that were announced")
      }
      let take = min(count - done, end - first - done)
      let blobEnd = blob.end(ofRecords: take, from: blobAt)
      let rawEnd = raw.end(ofRecords: take, from: rawAt)
      try shards[shard].stream(
        blob: UnsafeRawBufferPointer(rebasing: blob[blobAt..<blobEnd]),
        raw: UnsafeRawBufferPointer(rebasing: raw[rawAt..<rawEnd]), rows: take)
      if first + done + take == end { try shards[shard].complete(durable: options.isDurable) }
      if names.count > Self.openFiles { try shards[shard].file.close() }
      blobAt = blobEnd
      rawAt = rawEnd
      done += take
    }
  }

  /// Divides rows over all shards: contiguous blocks, the remainder to the first shards.
  func distribute(
    blob: UnsafeRawBufferPointer, raw: UnsafeRawBufferPointer, rows count: Int, exact: Bool
  ) throws(DSXError) {
    guard exact else {
      try stream(blob: blob, raw: raw, first: 0, rows: count, total: count)
      return
    }
    var blobAt = 0
    var rawAt = 0
    for shard in names.indices {
      let take =
        RecordSizes.firstRow(of: shard + 1, rows: count, shards: names.count)
        - RecordSizes.firstRow(of: shard, rows: count, shards: names.count)
      guard take > 0 else { continue }
      let blobEnd = blob.end(ofRecords: take, from: blobAt)
      let rawEnd = raw.end(ofRecords: take, from: rawAt)
      try shards[shard].place(
        blob: UnsafeRawBufferPointer(rebasing: blob[blobAt..<blobEnd]),
        raw: UnsafeRawBufferPointer(rebasing: raw[rawAt..<rawEnd]), rows: take)
      if names.count > Self.openFiles { try shards[shard].file.close() }
      blobAt = blobEnd
      rawAt = rawEnd
    }
  }

  /// All rows fitted into memory: sizes just large enough for them.
  mutating func distributeGathered() throws(DSXError) {
    let sizes = try RecordSizes.small(
      options, base: baseHeaderBytes, longest: longestRecord, blob: pending.blob.bytes,
      raw: pending.raw.bytes, rows: rows, shards: names.count)
    try openShards(header: sizes.header, page: sizes.page, bytes: pending.bytes)
    saved += pending.saved
    try distribute(
      blob: pending.blob.bytes, raw: pending.raw.bytes, rows: rows, exact: false)
    pending.removeAll()
  }

  /// All rows are in the spool.
  mutating func distributeSpooled() throws(DSXError) {
    guard let spool else { return }
    if options.checkpointBytes != nil { try checkpoint() }
    let (blob, raw) = try spool.map()
    let sizes = try RecordSizes.large(
      options, base: baseHeaderBytes, longest: longestRecord,
      bytes: (blob.bytes.count + raw.bytes.count) / names.count)
    try openShards(header: sizes.header, page: sizes.page)
    // The bytes are valid only while the mapped files live.
    defer { withExtendedLifetime((blob, raw)) {} }
    try distribute(blob: blob.bytes, raw: raw.bytes, rows: rows, exact: false)
    // The spool's files stay until the set is in place: a crash before that goes back to them.
    self.spool = nil
  }

  /// Bytes of a header without pages.
  private var baseHeaderBytes: Int {
    var text = ByteStore()
    ShardHeader(
      headerSize: 1 << 27, pageSize: 1 << 28, pages: [], compressionSize: 1 << 60,
      plan: encoder.plan, addresses: addresses, shard: addresses.count, checks: emptyChecks
    ).write(into: &text)
    return text.count
  }
}

extension UnsafeRawBufferPointer {
  /// Where `count` records that start at `position` end: our own bytes, so no checks.
  func end(ofRecords count: Int, from position: Int) -> Int {
    var at = position
    for _ in 0..<count { at += recordLength(at: at) }
    return at
  }
}
