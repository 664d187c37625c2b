internal import DSXCore

/// Which rows of a split are evaluated: all, the first few, or a seeded subset in the data's order, of
/// which a limit leaves the first few.
struct ExampleSelection {
  /// The number of the first row behind all that are evaluated.
  private let end: Int
  private let chosen: Set<Int>?

  /// `count`: the rows of the split, asked for only when a subset is drawn.
  init(limit: Int?, sample: Int?, seed: UInt64, count: () throws(DSXError) -> Int)
    throws(DSXError)
  {
    guard let sample else {
      chosen = nil
      end = limit ?? Int.max
      return
    }
    let rows = try count()
    guard sample < rows else {
      chosen = nil
      end = limit ?? Int.max
      return
    }
    var generator = PCG64(seed: seed)
    let drawn = generator.permutation(rows).prefix(sample).sorted().prefix(limit ?? Int.max)
    chosen = Set(drawn)
    end = (drawn.last ?? -1) + 1
  }

  /// Whether a row is evaluated.
  func contains(_ row: Int) -> Bool { row < end && chosen?.contains(row) != false }

  /// Whether no row from this one on is evaluated.
  func isOver(at row: Int) -> Bool { row >= end }

  /// The number of examples among so many rows.
  func count(of rows: Int) -> Int {
    min(chosen?.count ?? end, rows)
  }
}
