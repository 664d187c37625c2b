internal import DSXCore

/// Which rows of a split are evaluated: all, the first few, or a seeded subset in the data's order.
struct ExampleSelection {
  private let limit: Int
  private let chosen: Set<Int>?

  /// `count`: the rows of the split, asked for only when a subset is drawn.
  init(limit: Int?, sample: Int?, seed: UInt64, count: () throws(DSXError) -> Int)
    throws(DSXError)
  {
    self.limit = limit ?? Int.max
    guard let sample else {
      chosen = nil
      return
    }
    let rows = try count()
    guard sample < rows else {
      chosen = nil
      return
    }
    var generator = PCG64(seed: seed)
    chosen = Set(generator.permutation(rows).prefix(sample))
  }

  /// Whether a row is evaluated.
  func contains(_ row: Int) -> Bool { row < limit && chosen?.contains(row) != false }

  /// Whether no row from this one on is evaluated.
  func isOver(at row: Int) -> Bool { row >= limit }

  /// The number of examples among so many rows.
  func count(of rows: Int) -> Int {
    min(limit, chosen.map { $0.count { $0 < limit } } ?? rows, rows)
  }
}
