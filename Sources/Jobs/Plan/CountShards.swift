/// Numbered shards over counted things (examples, rows), cut at multiples of a size: never by the number
/// of workers.
public struct CountShards: Hashable, Sendable {
  /// How many things there are, at least 0.
  public let total: Int
  /// Things in each shard but the last, at least 1.
  public let size: Int

  /// Shards of `size` things.
  public init(total: Int, size: Int) {
    self.total = max(0, total)
    self.size = max(1, size)
  }

  /// Number of shards: at least one.
  public var count: Int { max(1, total / size + (total % size > 0 ? 1 : 0)) }

  /// The things of a shard, by number from 0; empty behind the last.
  public func range(of shard: Int) -> Range<Int> {
    let (start, overflow) = shard.multipliedReportingOverflow(by: size)
    guard shard >= 0, !overflow, start < total else { return total..<total }
    return start..<(total - start > size ? start + size : total)
  }

  /// The size of shards: what is wanted, else `usual`, doubled until there are at most `most` shards;
  /// always a multiple of `unit`, the things that are computed together.
  public static func size(
    wanted: Int?, total: Int, unit: Int, usual: Int = 256, most: Int = 256
  ) -> Int {
    let unit = max(1, unit)
    var size = rounded(max(1, wanted ?? usual), to: unit)
    guard wanted == nil else { return size }
    while total / size >= most, size < 1 << 60 { size *= 2 }
    return size
  }

  private static func rounded(_ size: Int, to unit: Int) -> Int {
    let rest = size % unit
    guard rest > 0 else { return size }
    let (sum, overflow) = size.addingReportingOverflow(unit - rest)
    return overflow ? size - rest : sum
  }
}
