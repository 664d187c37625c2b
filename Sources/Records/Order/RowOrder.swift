public import DSXCore

/// An order of rows of a set: a range as it is stored, or that range permuted.
public struct RowOrder: Hashable, Sendable {
  /// The rows that the order goes over.
  public let rows: Range<Int>
  /// The permutation of the positions; nil for the stored order.
  public let permutation: RowPermutation?

  /// The stored order of a range.
  public init(_ rows: Range<Int>) {
    self.rows = rows
    permutation = nil
  }

  /// The shuffled order of a range for a seed and an epoch. It depends on the number of rows, on the
  /// seed and on the epoch, not on where the range lies.
  public init(_ rows: Range<Int>, seed: UInt64, epoch: UInt64 = 0) {
    self.rows = rows
    permutation = RowPermutation(count: rows.count, seed: seed, epoch: epoch)
  }

  /// Number of rows.
  public var count: Int { rows.count }

  /// The row at a position in `0..<count`.
  public subscript(_ position: Int) -> Int {
    rows.lowerBound + (permutation?[position] ?? position)
  }

  /// The rows at some positions.
  public func rows(at positions: some Sequence<Int>) -> [Int] { positions.map { self[$0] } }
}
