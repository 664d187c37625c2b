internal import DSXCore

/// What a `RecordLoader` hands out, and in which order.
///
/// The global order of an epoch is the stored order of `rows`, or `RowOrder(rows, seed:, epoch:)` of it.
/// It never depends on `numShards`, `shardID`, `batchRows` or on how it was interrupted.
public struct RecordLoaderOptions: Hashable, Sendable {
  /// How a global batch of n rows is divided over N workers.
  public enum Assignment: String, CaseIterable, Sendable {
    /// Worker w takes one run of it: n / N rows, one more for the first n mod N workers.
    case slices
    /// Worker w takes the rows whose position in the epoch is w modulo N (as MindSpore's
    /// DistributedSampler deals rows out).
    case strided
  }

  /// Rows of a global batch: what all workers together take in one step. At least 1.
  public var batchRows = 1024
  /// The fields of a batch, in this order; nil: all, in schema order.
  public var fields: [String]?
  /// The rows that are read; nil: all.
  public var rows: Range<Int>?
  /// Shuffle each epoch by this seed (at most 2^63 - 1); nil: the stored order.
  public var shuffleSeed: UInt64?
  /// How many epochs to go through; nil: without end.
  public var epochs: Int? = 1
  /// The number of the first epoch.
  public var firstEpoch = 0
  /// How many workers share the rows.
  public var numShards = 1
  /// Which worker this is, from 0.
  public var shardID = 0
  /// How a global batch is divided.
  public var assignment = Assignment.slices
  /// Every worker gets equally many rows of each batch: up to `numShards - 1` rows at the end of an
  /// epoch are left out. `batchRows` must then be a multiple of `numShards`.
  public var equalParts = false
  /// Leave out a last batch that is shorter than `batchRows`.
  public var dropRemainder = false
  /// Rows of the global order that are passed over at the start.
  public var skip = 0

  /// The defaults: all rows in stored order, one epoch, one worker, 1024 rows a batch.
  public init() {}

  /// Epochs and workers are numbered far below any overflow of positions.
  static let epochLimit = 1 << 31
  static let workerLimit = 1 << 31

  /// Throws `usage` for what cannot be kept; `count` is the number of rows of the set.
  func check(count: Int) throws(DSXError) {
    func refuse(_ message: String, _ hint: String? = nil) -> DSXError {
      DSXError(.usage, message, hint: hint)
    }
    guard batchRows >= 1 else { throw refuse("a batch of \(batchRows) rows") }
    guard numShards >= 1, (0..<numShards).contains(shardID) else {
      throw refuse(
        "shard \(shardID) of \(numShards) does not exist", "shards are numbered from 0")
    }
    guard !equalParts || batchRows % numShards == 0 else {
      throw refuse(
        "batches of \(batchRows) rows cannot be divided equally over \(numShards) workers",
        "choose a batch size that is a multiple of the number of workers")
    }
    guard numShards <= Self.workerLimit else {
      throw refuse("\(numShards) workers; at most \(Self.workerLimit) can share a set")
    }
    guard (epochs ?? 1) >= 0, firstEpoch >= 0, skip >= 0 else {
      throw refuse("epochs and skipped rows cannot be negative")
    }
    // Skipped rows count as epochs too, of at least one row each.
    guard firstEpoch <= Self.epochLimit, skip / max(1, rows?.count ?? count) <= Self.epochLimit
    else { throw refuse("the first epoch is beyond epoch \(Self.epochLimit)") }
    guard (shuffleSeed ?? 0) <= UInt64(Int64.max) else {
      throw refuse("the seed is larger than \(Int64.max)")
    }
    if let rows, rows.lowerBound < 0 || rows.upperBound > count {
      throw refuse(
        "rows \(rows.lowerBound)..\(rows.upperBound) are outside of the \(count) rows of the set")
    }
  }
}
