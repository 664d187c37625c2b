/// Rows that can be read in any order, by their number: what a full shuffle needs.
///
/// Record sets have it, tables whose row offsets are known, and anything that lies in memory.
public protocol RowSource: Sendable {
  /// The fields of every batch.
  var schema: Schema { get }
  /// Number of rows.
  var count: Int { get }
  /// Equal for equal rows, e.g. a fingerprint: a saved position is refused over another source.
  var identity: String { get }
  /// The rows of these numbers (in `0..<count`), in this order. Called by one thread at a time.
  func batch(rows: [Int]) throws(DSXError) -> Batch
  /// The rows will not be asked for soon: memory that they take may be given back.
  func release(rows: [Int])
}

extension RowSource {
  /// Does nothing.
  public func release(rows _: [Int]) {}
}
