/// What a finished writer left on disk.
public struct RecordSummary: Hashable, Sendable {
  /// The paths of the data files, in shard order; each has an index file `PATH.db` beside it.
  public var files: [String]
  /// Rows over all shards.
  public var rows: Int
  /// Rows of each shard.
  public var rowsPerShard: [Int]
  /// Bytes of the data files as `stat` shows them (holes included).
  public var bytes: Int
  /// The header size in use.
  public var headerSize: Int
  /// The page size in use.
  public var pageSize: Int
}
