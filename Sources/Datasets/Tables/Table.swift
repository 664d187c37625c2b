public import DSXCore

/// A table that was loaded whole.
public struct Table: Sendable {
  /// The columns.
  public let schema: Schema
  /// The rows, in order.
  public let batches: [Batch]
  /// The rows that were left out.
  public let badRows: BadRows

  /// Number of rows.
  public var rows: Int { batches.reduce(0) { $0 + $1.rows } }
}
