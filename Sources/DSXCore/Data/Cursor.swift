/// A synchronous, single-owner stream of batches whose position can be saved.
public protocol Cursor {
  /// The fields of every batch.
  var schema: Schema { get }
  /// The next rows in order, or nil at the end.
  mutating func next() throws(DSXError) -> Batch?
  /// Where the next batch starts: `restore(_:)` on a fresh cursor over the same input goes there.
  var state: CursorState { get }
  /// Goes to a saved position.
  mutating func restore(_ state: CursorState) throws(DSXError)
}

/// A saved position of a cursor: plain numbers, meaning defined by the cursor.
public struct CursorState: Hashable, Sendable, Codable {
  /// The number of the next row.
  public var row: Int
  /// A byte offset that helps to find it, or 0.
  public var byte: Int

  /// A position.
  public init(row: Int, byte: Int = 0) {
    self.row = row
    self.byte = byte
  }
}
