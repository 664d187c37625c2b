public import DSXCore

/// Hands out a record set for training and evaluation: epoch by epoch, shuffled or not, shared by
/// workers, from a position that can be saved and restored.
///
/// The order, exactly:
/// 1. An epoch's global order is `RowOrder(rows, seed:, epoch:)`, or the stored order without a seed.
/// 2. Each step takes the next `batchRows` positions of it, all workers together; the last step of an
///    epoch may be shorter. Steps never cross the end of an epoch.
/// 3. Worker w of N gets its part of the step (`RecordLoaderOptions.Assignment`). The parts are
///    disjoint and together the whole step, so the union over workers is every row once an epoch. All
///    workers take the same number of steps; a part may be empty.
/// 4. The position is that of the next step in the global order, the same for all workers after the
///    same number of steps. Restored under any number of workers the global order goes on there, with no
///    row lost and none repeated.
///
/// One owner, no threads; memory does not grow with the set: pages behind the position are given back.
public struct RecordLoader: Cursor {
  /// One step of one worker.
  public struct Step: Hashable, Sendable {
    /// The epoch.
    public var epoch: Int
    /// Where the step begins in the epoch's global order.
    public var position: Int
    /// How many rows all workers take together.
    public var globalRows: Int
    /// The row numbers (in the whole set) of this worker, in order.
    public var rows: [Int]
  }

  /// The set.
  public let reader: RecordReader
  /// What is handed out and how.
  public let options: RecordLoaderOptions
  /// The fields of every batch.
  public let schema: Schema
  /// The rows that the loader goes over.
  public let rows: Range<Int>
  /// The epoch of the next step.
  public private(set) var epoch: Int
  /// Where the next step begins in its epoch's global order.
  public private(set) var position = 0
  private var order: RowOrder
  /// Rows read at random since pages were given back last.
  private var scattered = 0

  /// A loader at the start of its first epoch, `skip` rows in. Throws `usage` for options that do not
  /// fit, `unknownName` for a field that is not there.
  public init(_ reader: RecordReader, _ options: RecordLoaderOptions = .init()) throws(DSXError) {
    try options.check(count: reader.count)
    self.reader = reader
    self.options = options
    schema = Schema(try reader.numbers(of: options.fields).map { reader.plan.fields[$0] })
    rows = options.rows ?? 0..<reader.count
    epoch = options.firstEpoch
    order = RowOrder(rows)
    if !rows.isEmpty {
      epoch += options.skip / rows.count
      position = options.skip % rows.count
    }
    enterEpoch()
  }

  /// Whether everything was handed out.
  public var isFinished: Bool {
    guard !rows.isEmpty else { return true }
    // No step of such an epoch is ever full: without this an endless loader would look for one for ever.
    if options.dropRemainder, rows.count < options.batchRows { return true }
    return options.epochs.map { epoch - options.firstEpoch >= $0 } ?? false
  }

  /// The row numbers of the next step, without reading any row; nil at the end.
  ///
  /// `limit`: the step takes at most so many rows of the global order (at least 1); all workers must give
  /// the same.
  public mutating func nextStep(limit: Int = .max) -> Step? {
    while !isFinished {
      let left = rows.count - position
      guard left > 0, !(options.dropRemainder && left < options.batchRows) else {
        epoch += 1
        position = 0
        enterEpoch()
        continue
      }
      let count = min(left, options.batchRows, max(1, limit))
      let step = Step(
        epoch: epoch, position: position, globalRows: count, rows: order.rows(at: part(of: count)))
      position += count
      if position == rows.count {
        epoch += 1
        position = 0
        enterEpoch()
      }
      return step
    }
    return nil
  }

  /// This worker's rows of the next step; nil at the end. A worker's part may be empty.
  public mutating func next() throws(DSXError) -> Batch? {
    guard let step = nextStep() else { return nil }
    let batch = try reader.batch(rows: step.rows, fields: options.fields)
    release(after: step)
    return batch
  }

  /// Lets the system take back the memory of what was read. `next` calls it itself.
  public mutating func release(after step: Step) {
    if options.shuffleSeed == nil {
      let start = rows.lowerBound + step.position
      reader.release(start..<start + step.globalRows)
    } else {
      scattered += step.rows.count
      if scattered >= Self.scatteredLimit {
        reader.releaseAll()
        scattered = 0
      }
    }
  }

  /// A row read at random maps up to 64 KiB around each of its parts: this many take up to 128 MiB.
  static let scatteredLimit = 1024

  private mutating func enterEpoch() {
    guard let seed = options.shuffleSeed else { return }
    order = RowOrder(rows, seed: seed, epoch: UInt64(epoch))
  }

  /// The positions of this worker in the step of `count` positions that begins at `position`.
  private func part(of count: Int) -> StrideTo<Int> {
    let (shard, shards) = (options.shardID, options.numShards)
    let even = options.equalParts ? count - count % shards : count
    switch options.assignment {
    case .slices:
      let start = RecordSizes.firstRow(of: shard, rows: even, shards: shards)
      let end = RecordSizes.firstRow(of: shard + 1, rows: even, shards: shards)
      return stride(from: position + start, to: position + end, by: 1)
    case .strided:
      let first = (shard - position % shards + shards) % shards
      return stride(from: position + first, to: position + even, by: shards)
    }
  }
}

extension RecordLoader {
  /// The position as a plain number: `epoch * rows + position`, for the `Cursor` shape. It is only
  /// meaningful with the same set, rows and seed; `savedState` checks that.
  public var state: CursorState { CursorState(row: epoch * rows.count + position) }

  /// Goes to a position that `state` gave. Throws `usage` when it is negative.
  public mutating func restore(_ state: CursorState) throws(DSXError) {
    guard state.row >= 0 else {
      throw DSXError(.usage, "the saved position \(state.row) is negative")
    }
    guard !rows.isEmpty else { return }
    guard state.row / rows.count <= RecordLoaderOptions.epochLimit else {
      throw DSXError(.usage, "the saved position \(state.row) lies beyond every epoch")
    }
    epoch = state.row / rows.count
    position = state.row % rows.count
    enterEpoch()
  }

  /// The position with everything that says what it is a position of. Reads a few pages.
  public var savedState: RecordLoaderState {
    RecordLoaderState(
      set: reader.fingerprint, rows: rows, seed: options.shuffleSeed, epoch: epoch,
      position: position)
  }

  /// Goes to a saved position, whatever the number of workers and the batch size were.
  ///
  /// Throws `usage` when it was saved from another set, other rows or another seed: the order would be
  /// another one.
  public mutating func restore(_ state: RecordLoaderState) throws(DSXError) {
    try state.check()
    let own = savedState
    func refuse(_ what: String) -> DSXError {
      DSXError(
        .usage, "the position was saved \(what)", file: reader.files.first?.path,
        hint: "restore it with the set, rows and seed that it was saved with")
    }
    guard state.set == own.set else { throw refuse("from another record set, or it has changed") }
    guard state.firstRow == own.firstRow, state.rows == own.rows else {
      throw refuse("from rows \(state.firstRow)..\(state.firstRow + state.rows)")
    }
    guard state.seed == own.seed else {
      throw refuse(state.seed.map { "with the seed \($0)" } ?? "from the stored order")
    }
    guard state.epoch >= 0, (0...rows.count).contains(state.position) else {
      throw refuse("at position \(state.position) of epoch \(state.epoch), which does not exist")
    }
    epoch = state.epoch
    position = state.position
    enterEpoch()
  }
}
