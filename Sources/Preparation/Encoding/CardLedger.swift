internal import DSXCore

/// The sum of the statistics of the shards that this process has encoded and published.
///
/// What they wrote for others need not be read again by whoever made it: the sum does not depend on
/// which shards it was made of in memory. Memory is that of one state, however many shards there are.
final class CardLedger: Sendable {
  private let state = Lock<(shards: Set<Int>, total: CardStatistics)?>(nil)

  /// Adds the statistics of a shard, once.
  func add(_ statistics: CardStatistics, shard: Int) {
    state.withLock { state in
      guard var (shards, total) = state else {
        state = ([shard], statistics)
        return
      }
      guard shards.insert(shard).inserted else { return }
      // The old value must not keep the sum alive: adding to it would copy it.
      state = nil
      total.merge(statistics)
      state = (shards, total)
    }
  }

  /// The sum, and the numbers of the shards in it; nil when there is none.
  var total: (shards: Set<Int>, total: CardStatistics)? { state.withLock { $0 } }
}
