extension HeatMap {
  /// Whether rows and columns have the same names, so that the diagonal means right.
  var isSquare: Bool { rowLabels == columnLabels }

  /// Whether a cell holds right answers: on the diagonal, and of one label.
  func isRight(_ row: Int, _ column: Int) -> Bool {
    isSquare && row == column && !(hasRest && row == rowLabels.count - 1)
  }

  /// The count of a cell; 0 where none is given.
  func count(_ row: Int, _ column: Int) -> Int {
    row < counts.count && column < counts[row].count ? max(0, counts[row][column]) : 0
  }

  /// The cell's share of its row.
  func share(_ row: Int, _ column: Int) -> Double {
    let whole = columnLabels.indices.reduce(0.0) { $0 + Double(count(row, $1)) }
    return whole > 0 ? Double(count(row, column)) / whole : 0
  }

  /// The cells of two different labels with the most counts, as words: `证券 as 财经 38 % (120)`.
  func topConfusions(_ limit: Int) -> [String] {
    guard isSquare else { return [] }
    var cells: [(row: Int, column: Int)] = []
    let named = hasRest ? rowLabels.indices.dropLast() : rowLabels.indices[...]
    for row in named {
      for column in named where row != column && count(row, column) > 0 {
        cells.append((row, column))
      }
    }
    cells.sort { left, right in
      let (many, few) = (count(left.row, left.column), count(right.row, right.column))
      return (few, left.row, left.column) < (many, right.row, right.column)
    }
    return cells.prefix(limit).map { cell in
      let share = NumberFormat.percent(share(cell.row, cell.column), 0)
      let many = NumberFormat.grouped(count(cell.row, cell.column))
      return "\(rowLabels[cell.row]) as \(columnLabels[cell.column]) (\(share), \(many))"
    }
  }

  /// The counts as a table, with the rows' sums.
  var countTable: Table {
    let columns =
      [Table.Column.words("\(rowTitle) \\ \(columnTitle)")]
      + columnLabels.map { Table.Column.numbers($0) } + [.numbers("sum")]
    let rows = rowLabels.indices.map { row in
      let cells = columnLabels.indices.map { count(row, $0) }
      let sum = cells.reduce(0) { $0.addingReportingOverflow($1).partialValue }
      return [Table.Cell(rowLabels[row])] + cells.map { Table.Cell.count($0) } + [.count(sum)]
    }
    return Table(columns: columns, rows: rows, caption: "counts, \(rowTitle) by \(columnTitle)")
  }
}
