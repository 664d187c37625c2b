public import DSXCore

/// Writes a MindRecord set: data files and their SQLite indexes, published only when whole.
///
/// Call `append` with batches, then `finish()` once. Dropping a writer without `finish()` discards
/// everything; nothing half-written is ever visible under the final names. An error in a row leaves the
/// rows before it appended (`rows` counts them) and the writer usable; after any other error discard it.
///
/// By default the files depend on the rows alone, not on how they were divided into batches: shards are
/// contiguous blocks of the whole set, the remainder goes to the first shards, so reading in order gives
/// the written order. Up to 32 MiB of encoded rows are held in memory; more than that is written through
/// (one shard, or `totalRows` known) or spooled beside the output until the total is known.
public struct RecordWriter: ~Copyable {
  let options: RecordWriterOptions
  /// The data files that are written here, and those of the whole set.
  let names: [String]
  let addresses: [String]
  let folder: AtomicFolder
  let replaced: [String]
  var encoder: RowEncoder
  var pending = EncodedRows()
  var placement: Placement
  var shards: [ShardWriter] = []
  /// Encoded bytes so far, and the longest record: what automatic sizes are chosen from.
  var totalBytes = 0
  var longestRecord = 0
  var saved = 0
  var spool: RowSpool?
  var isOpen = true
  /// Whether the temporary folder stays when the writer is dropped, if it holds a checkpoint.
  var isKept = false
  /// What an append is known by when it was killed while its files were moved into place.
  var note = ""
  /// Bytes that went to disk since the last checkpoint.
  var uncheckedBytes = 0
  /// Writes large sets beside the encoding.
  var behind: WriteBehind?
  /// Makes the indexes beside the encoding. One row group, of up to a page of raw records, waits; another
  /// one is being indexed, and a third one filled.
  let indexing = WorkThread(depth: 1)

  /// How rows reach the shards.
  enum Placement {
    /// MindSpore's: each call is divided over all shards.
    case exact
    /// All rows are still in memory; sizes are not chosen yet.
    case gathering
    /// Rows go to disk as they come.
    case streaming
    /// Rows go to a spool file until their number is known.
    case spooling
    /// An earlier process finished all rows; their files only have to be moved into place.
    case published(WriterCheckpoint)
  }

  /// Rows that are gathered before sizes are chosen.
  static let gatheredBytes = 32 << 20
  /// Rows that are written at a time afterwards: they are still in the processor's cache then.
  private static let cachedBytes = 512 << 10
  private let gatherLimit: Int
  private let chunkBytes: Int

  /// Rows appended so far.
  public internal(set) var rows = 0

  /// Starts a set at `path`. Throws `outputExists` when it is there and `overwrite` is not set,
  /// `usage` for a schema or options that MindRecord cannot hold.
  public init(path: String, schema: RecordSchema, options: RecordWriterOptions = .init())
    throws(DSXError)
  {
    // Everything that can fail comes before the first property is set.
    try options.check()
    let plan = try RecordPlan(schema, floatsIndexed: options.mindSporeExact)
    let (parent, name) = FilePath.split(path)
    try RecordWriterOptions.check(name: name)
    let addresses = options.fileNames(name)
    let names = options.part.map { [addresses[$0]] } ?? addresses
    let replaced = try Self.existing(names, in: parent, overwrite: options.overwrite)
    let target = options.part == nil ? path : FilePath.join(parent, names[0])
    self.init(
      folder: try AtomicFolder(target: target), names: names, addresses: addresses, plan: plan,
      options: options, replaced: replaced)
  }

  /// A writer of the files `names` in `folder`, of a set whose files are `addresses` (the same, when nil);
  /// `replaced` lists the files that it takes the place of.
  init(
    folder: AtomicFolder, names: [String], addresses: [String]? = nil, plan: RecordPlan,
    options: RecordWriterOptions, replaced: [String]
  ) {
    self.options = options
    self.names = names
    self.addresses = addresses ?? names
    self.replaced = replaced
    self.folder = folder
    placement = options.mindSporeExact ? .exact : .gathering
    encoder = RowEncoder(plan: plan)
    // With both sizes given nothing has to be chosen, so that rows can be safe earlier.
    let interval = options.checkpointBytes ?? Self.gatheredBytes
    let isFixed = options.headerSize != nil && options.pageSize != nil
    chunkBytes = min(Self.cachedBytes, interval)
    // One file of known sizes is streamed from its first rows on: the result is the same.
    let known = options.shards == 1 || options.part != nil ? chunkBytes : interval
    gatherLimit = isFixed ? min(Self.gatheredBytes, known) : Self.gatheredBytes
    isKept = options.keepsUnfinished
    if let size = options.pageSize { encoder.recordLimit = size }
    if options.mindSporeExact { encoder.recordLimit = exactPageSize }
  }

  deinit {
    stopThreads()
    guard isOpen else { return }
    if isKept, WriterCheckpoint.exists(in: folder) { folder.release() } else { folder.discard() }
  }

  /// Appends rows. Columns are found by the schema's field names; other columns are ignored.
  ///
  /// An int32 field takes int32 or int64 columns (checked for overflow), an int64 field int64 or int32,
  /// a float32 array float32 only, a float32 scalar float32 or float64 (the double is stored as it is),
  /// a float64 field float64 or float32. Throws `malformed` with row and field.
  public mutating func append(_ batch: Batch) throws(DSXError) {
    let count = batch.rows
    let fields = encoder.plan.fields
    do throws(DSXError) {
      try ColumnSource.with(batch, fields) { (sources) throws(DSXError) in
        try append(sources, count)
      }
    } catch { throw named(error) }
  }

  /// Appends rows of one int32 array field, the schema's only field: `values` is rows x `rowLength`.
  ///
  /// Throws `usage` when the schema has other fields or the values are no whole number of rows.
  public mutating func append(rows values: UnsafeBufferPointer<Int32>, rowLength: Int)
    throws(DSXError)
  {
    let fields = encoder.plan.fields
    guard fields.count == 1, fields[0].type == .int32, fields[0].shape != nil else {
      throw DSXError(.usage, "rows of int32 need a schema with one int32 array field")
    }
    guard rowLength > 0, values.count % rowLength == 0 else {
      throw DSXError(
        .usage, "\(values.count) values are no whole number of rows of \(rowLength)")
    }
    let source = ColumnSource(elements: .int32(values), rows: .stride(rowLength))
    do throws(DSXError) { try append([source], values.count / rowLength) } catch {
      throw named(error)
    }
  }

  /// The same error with the name that the user knows in place of the temporary one.
  func named(_ error: DSXError) -> DSXError {
    var shown = error
    if let file = error.location.file, file.hasPrefix(folder.temporary + "/") {
      shown.location.file = FilePath.join(folder.folder, FilePath.split(file).name)
    } else if error.location.file == nil {
      shown.location.file = FilePath.join(folder.folder, names[0])
    }
    return shown
  }

  private mutating func append(_ sources: [ColumnSource], _ count: Int) throws(DSXError) {
    guard isOpen else {
      throw DSXError(.internal, "rows were appended to a finished record writer")
    }
    if case .published = placement, count > 0 {
      throw DSXError(
        .usage, "the set was complete with \(rows) rows before it was resumed",
        hint: "resume with the same rows")
    }
    if case .exact = placement {
      try appendExact(sources, count)
      return
    }
    for row in 0..<count {
      try encoder.encode(sources, row: row, number: rows, into: &pending)
      rows += 1
      longestRecord = max(longestRecord, encoder.lastRecord)
      switch placement {
      case .gathering where pending.bytes > gatherLimit: try settle()
      case .streaming, .spooling:
        if pending.bytes >= chunkBytes { try drain() }
      default: break
      }
    }
  }

  /// MindSpore's own defaults.
  private var exactPageSize: Int { options.pageSize ?? 1 << 25 }

  private mutating func openExact() throws(DSXError) {
    guard shards.isEmpty else { return }
    try openShards(header: options.headerSize ?? 1 << 24, page: exactPageSize)
  }

  private mutating func appendExact(_ sources: [ColumnSource], _ count: Int) throws(DSXError) {
    try openExact()
    // As one call counts as a whole, a bad row refuses the call.
    for row in 0..<count {
      do throws(DSXError) {
        try encoder.encode(sources, row: row, number: rows + row, into: &pending)
      } catch {
        pending.removeAll()
        throw error
      }
    }
    try distribute(
      blob: pending.blob.bytes, raw: pending.raw.bytes, rows: count, exact: true)
    rows += count
    saved += pending.saved
    let bytes = pending.bytes
    pending.removeAll()
    try wrote(bytes)
  }

  /// Files that a caller publishes with the set, after it: their names and their bytes. Gets the summary,
  /// and where a file of the set lies at that moment, by its name.
  public typealias Companions = (RecordSummary, (String) -> String) throws(DSXError) -> [(
    name: String, bytes: [UInt8]
  )]

  /// Writes headers and indexes, flushes everything to disk and moves it into place.
  public mutating func finish() throws(DSXError) -> RecordSummary {
    try finish { (_, _) throws(DSXError) in [] }
  }

  /// The same with further files that come into place with the set, all or none also when the process is
  /// killed in between: for a manifest. Names must lie in the set's folder.
  public mutating func finish(with companions: Companions) throws(DSXError) -> RecordSummary {
    guard isOpen else { throw DSXError(.internal, "a record writer was finished twice") }
    do throws(DSXError) {
      if let expected = options.totalRows, expected != rows {
        throw DSXError(
          .malformed, "\(rows) rows were written, but \(expected) were announced")
      }
      switch placement {
      case .exact: try openExact()
      case .gathering: try distributeGathered()
      case .streaming: try drain()
      case .spooling:
        try drain()
        try distributeSpooled()
      case .published(let state):
        let summary = try finishPublishing(state)
        isOpen = false
        return summary
      }
      let summary = try publish(companions)
      isOpen = false
      return summary
    } catch {
      abandon(error)
      throw named(error)
    }
  }

  /// Drops everything that was written.
  public mutating func discard() { give(up: .discarding) }

  /// Nothing is written any more when this returns.
  private func stopThreads() {
    behind?.stop()
    indexing.stop()
  }

  /// Whether the temporary folder stays.
  enum Parting {
    case keeping
    case discarding
  }

  /// Ends the writer after an error: what a later run can go on with stays, when that is wanted.
  mutating func abandon(_ error: DSXError) {
    let isKept = isKept && error.code == .io && WriterCheckpoint.exists(in: folder)
    give(up: isKept ? .keeping : .discarding)
  }

  mutating func give(up parting: Parting) {
    stopThreads()
    shards = []
    spool = nil
    if isOpen { if parting == .keeping { folder.release() } else { folder.discard() } }
    isOpen = false
  }
}
