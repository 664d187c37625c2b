internal import DSXCore

/// An order of some rows of a random-access source, computed and never stored.
indirect enum RowView: Sendable {
  /// All rows as stored.
  case all(Int)
  /// A run of another order.
  case slice(RowView, Range<Int>)
  /// Every `step`th of another order, from `first`.
  case strided(RowView, first: Int, step: Int)
  /// Another order, permuted.
  case permuted(RowView, RowPermutation)

  /// Number of rows.
  var count: Int {
    switch self {
    case .all(let count): count
    case .slice(_, let range): range.count
    case .strided(let view, let first, let step):
      view.count > first ? (view.count - first + step - 1) / step : 0
    case .permuted(let view, _): view.count
    }
  }

  /// The source's row at a position of the order.
  subscript(_ position: Int) -> Int {
    switch self {
    case .all: position
    case .slice(let view, let range): view[range.lowerBound + position]
    case .strided(let view, let first, let step): view[first + position * step]
    case .permuted(let view, let permutation): view[permutation[position]]
    }
  }

  /// Whether rows are read in the order in which they are stored.
  var isAscending: Bool {
    switch self {
    case .all: true
    case .slice(let view, _), .strided(let view, _, _): view.isAscending
    case .permuted: false
    }
  }
}

/// A pipeline that still is nothing but rows of a random-access source in some order.
struct IndexedRows: Sendable {
  let source: any RowSource
  /// Rows of a batch.
  let batchRows: Int
  var view: RowView
  /// The source's columns that are kept, with their names; nil: all as they are.
  var columns: ColumnChoice?
}

/// Columns of a batch by number, under new names.
struct ColumnChoice: Sendable {
  let numbers: [Int]
  let schema: Schema

  func apply(_ batch: Batch) -> Batch {
    Batch(schema: schema, columns: numbers.map { batch.columns[$0] }, firstRow: batch.firstRow)
  }

  /// This choice of what `earlier` gave.
  func after(_ earlier: ColumnChoice?) -> ColumnChoice {
    guard let earlier else { return self }
    return ColumnChoice(numbers: numbers.map { earlier.numbers[$0] }, schema: schema)
  }
}
