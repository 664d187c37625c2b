public import DSXCore

/// Decides over all shards which documents are dropped: those that a filter dropped, and all but the
/// first of equal or nearly equal ones.
public struct QualitySelection {
  /// How many documents each rule dropped.
  public typealias Counts = [QualityRule: Int]

  private let stage: QualityStage
  private let memory: Int

  /// A selection that sorts in at most `memory` bytes at a time.
  public init(_ stage: QualityStage, memory: Int = 256 << 20) {
    self.stage = stage
    self.memory = max(1 << 16, memory)
  }

  /// Reads the scan files of all shards, in shard order, and writes a drop list for each.
  public func select(scans: [String], drops: [String]) throws(DSXError) -> Counts {
    [:]
  }
}
