internal import DSXCore

/// The statistics of all workers of a shard: each thread counts alone, the sum is taken at the end.
final class CardCollector: Sendable {
  /// What one thread counts. Only that thread touches it until the work is over.
  final class Share: @unchecked Sendable {
    var statistics: CardStatistics

    init(_ sequenceLength: Int) { statistics = CardStatistics(sequenceLength: sequenceLength) }
  }

  private let shares = Lock<[Share]>([])
  private let sequenceLength: Int

  /// Nothing counted; the histogram shows where rows of so many ids end.
  init(sequenceLength: Int) { self.sequenceLength = sequenceLength }

  /// A share for one more thread.
  func makeShare() -> Share {
    let share = Share(sequenceLength)
    shares.withLock { $0.append(share) }
    return share
  }

  /// The sum, when all threads have ended. Addition does not depend on who counted what.
  func total() -> CardStatistics {
    var total = CardStatistics(sequenceLength: sequenceLength)
    for share in shares.withLock({ $0 }) { total.merge(share.statistics) }
    return total
  }
}
