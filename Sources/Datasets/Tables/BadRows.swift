public import DSXCore

/// The rows that a reader left out, under `BadRowPolicy.skip`.
public struct BadRows: Sendable {
  /// How many reasons are kept.
  public static let keptReasons = 10
  /// How many rows.
  public private(set) var count = 0
  /// Why, for the first ten, with file, line and column.
  public private(set) var reasons: [DSXError] = []

  /// None yet.
  public init() {}

  /// Counts one more.
  mutating func add(_ reason: @autoclosure () -> DSXError) {
    count += 1
    if reasons.count < Self.keptReasons { reasons.append(reason()) }
  }

  /// Counts those of another reader.
  mutating func add(_ other: BadRows) {
    count += other.count
    reasons += other.reasons.prefix(Self.keptReasons - reasons.count)
  }
}
