public import DSXCore
public import Jobs
internal import Records

extension ConversionShards {
  /// Makes parts in the work folder at `path`; `progress` gets the rows of the shard under way and their
  /// number.
  public func run(
    _ path: String, _ selection: ShardSelection, verify: Bool, progress: (Int, Int?) -> Void
  ) throws(DSXError) {
    let (work, planned) = try planned(path)
    let lock = try WorkLock(path, exclusive: false, output: output)
    defer { lock.release() }
    var open: (split: Int, cursor: any TableCursor)?
    try ShardRun(work, verify: verify).make(selection) { (claim) throws(DSXError) -> JSONValue in
      let (split, shard) = Self.place(claim.shard, planned)
      if open?.split != split {
        open = nil
        let (dataset, options) = (
          splits[split].conversion.dataset, splits[split].conversion.options
        )
        let cursor = try dataset.rows(
          options.table(for: dataset), known: planned[split].schema)
        guard cursor.schema == planned[split].schema else {
          throw DSXError(
            .outputExists, "the columns changed since the work was planned", file: path,
            hint: "plan again with --overwrite")
        }
        open = (split, cursor)
      }
      guard var cursor = open?.cursor else { throw DSXError(.internal, "no split is open") }
      let counts = try make(claim, &cursor, planned[split], shard, progress)
      // A reader keeps its first reasons only: the next shard's are its own.
      open = cursor.badRows.reasons.isEmpty ? (split, cursor) : nil
      return counts
    }
  }

  /// The split of a shard, and its number there.
  private static func place(_ shard: Int, _ planned: [RowShards]) -> (split: Int, shard: Int) {
    var left = shard
    for (number, shards) in planned.enumerated() {
      if left < shards.count { return (number, left) }
      left -= shards.count
    }
    return (max(0, planned.count - 1), left)
  }

  /// Writes the rows of one shard.
  private func make(
    _ claim: ShardClaim, _ cursor: inout any TableCursor, _ shards: RowShards, _ shard: Int,
    _ progress: (Int, Int?) -> Void
  ) throws(DSXError) -> JSONValue {
    let (start, range) = (shards.starts[shard], shards.range(shard))
    if var set = cursor as? TableSetCursor {
      try set.jump(to: start.state, base: start.base)
      cursor = set
    } else {
      try cursor.restore(start.state)
    }
    let mapping = RecordMapping(shards.schema)
    var options = RecordWriterOptions()
    options.checkpointBytes = nil
    var writer = try RecordWriter(
      path: claim.path(Self.file), schema: mapping.record, options: options)
    var rows = 0
    while rows < range.count, var batch = try cursor.next() {
      // Images and records come in batches that may reach into the next shard.
      if batch.rows > range.count - rows { batch = batch.rows(Array(0..<(range.count - rows))) }
      try writer.append(mapping.converted(batch))
      rows += batch.rows
      progress(rows, range.count)
    }
    if shard == shards.count - 1, rows == range.count {
      // Bad rows behind the last good one count too.
      while let more = try cursor.next() { rows += more.rows }
    }
    guard rows == range.count else {
      throw DSXError(
        .outputExists, "the shard has \(rows) rows, and was planned with \(range.count)",
        file: claim.folder, hint: "the data changed since the work was planned: plan again")
    }
    _ = try writer.finish()
    return [
      "rows": .int(Int64(rows)), "skipped": .int(Int64(cursor.badRows.count)),
      "reasons": .array(cursor.badRows.reasons.map(\.json)),
    ]
  }
}
