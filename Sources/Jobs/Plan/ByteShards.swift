/// Numbered shards over a list of inputs, cut by size alone: never by the number of workers.
///
/// The inputs lie one after the other on one line of bytes; shard i is bytes `i * size ..< (i + 1) *
/// size` of it. A record belongs to the shard that its first byte lies in, so records are never cut
/// and every shard can be found on its own.
public struct ByteShards: Hashable, Sendable {
  /// Bytes of input for each shard but the last.
  public let size: Int
  /// Where each input begins on the line; the last entry is the end of all.
  public let starts: [Int]

  /// Shards of `size` bytes (at least 1) over inputs of `sizes` bytes each.
  public init(sizes: [Int], size: Int) {
    self.size = max(1, size)
    var starts = [0]
    starts.reserveCapacity(sizes.count + 1)
    var end = 0
    for size in sizes {
      // Sizes from a manifest are anything; real files never reach the limit.
      let (sum, overflows) = end.addingReportingOverflow(max(0, size))
      end = overflows ? Int.max : sum
      starts.append(end)
    }
    self.starts = starts
  }

  /// Bytes of all inputs.
  public var totalBytes: Int { starts[starts.count - 1] }

  /// Number of shards: at least one.
  public var count: Int { max(1, totalBytes / size + (totalBytes % size > 0 ? 1 : 0)) }

  /// The shard of a record of input `file` that begins at byte `offset` of it.
  public func shard(file: Int, offset: Int) -> Int { (starts[file] + offset) / size }
}
