public import DSXCore

/// What one stage took, gave and dropped, and the time it needed for its own work.
public struct StageCounters: Hashable, Sendable {
  /// Batches that came from its inputs. 0 for a source.
  public var batchesIn = 0
  /// Rows that came from its inputs. A stage over a random-access source counts the rows that it hands
  /// on: those it passes over are never read.
  public var rowsIn = 0
  /// Batches that it handed on.
  public var batchesOut = 0
  /// Rows that it handed on.
  public var rowsOut = 0
  /// Rows that it dropped, by reason.
  public var dropped: [String: Int] = [:]
  /// Seconds of processor time of its own work, all threads together, without its inputs'.
  public var cpuSeconds = 0.0
  /// Seconds of its own work on the clock, all threads together, without its inputs'.
  public var wallSeconds = 0.0

  /// All zero.
  public init() {}

  /// The counts as JSON, reasons sorted by bytes; times are left out, as they differ from run to run.
  public var json: JSONValue {
    let reasons = dropped.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    return [
      "batches_in": .int(Int64(batchesIn)), "rows_in": .int(Int64(rowsIn)),
      "batches_out": .int(Int64(batchesOut)), "rows_out": .int(Int64(rowsOut)),
      "dropped": .object(reasons.map { .init($0, .int(Int64(dropped[$0] ?? 0))) }),
    ]
  }
}
