public import DSXCore

extension VectorStatistics {
  /// Adds row after row.
  public static func total(of matrix: ExampleMatrix, zero: Self) throws(DSXError) -> Self {
    var sum = zero
    var components = [Double](repeating: 0, count: matrix.width)
    for row in 0..<matrix.rows {
      let count = matrix.read(row, into: &components)
      try sum.add(Self(components: components, count: count))
    }
    return sum
  }

  /// Adds each row to its group's sum.
  public static func sums(of matrix: ExampleMatrix, places: [Int], groups: Int, zero: Self)
    throws(DSXError) -> [Self]
  {
    var sums = [Self](repeating: zero, count: groups)
    var components = [Double](repeating: 0, count: matrix.width)
    for (row, place) in places.enumerated() {
      let count = matrix.read(row, into: &components)
      try sums[place].add(Self(components: components, count: count))
    }
    return sums
  }

  /// Scores row after row.
  public static func scores(of matrix: ExampleMatrix, _ score: (Self) -> Double?) -> [Double?] {
    var components = [Double](repeating: 0, count: matrix.width)
    var scores: [Double?] = []
    scores.reserveCapacity(matrix.rows)
    for row in 0..<matrix.rows {
      let count = matrix.read(row, into: &components)
      scores.append(score(Self(components: components, count: count)))
    }
    return scores
  }

  /// Subtracts row after row from the whole's numbers.
  public static func scores(
    of matrix: ExampleMatrix, without rows: [Int], whole: Self, _ score: (Self) -> Double?
  ) -> [Double?] {
    let sums = whole.components
    var components = [Double](repeating: 0, count: matrix.width)
    guard sums.count == components.count else {
      return [Double?](repeating: nil, count: rows.count)
    }
    var scores: [Double?] = []
    scores.reserveCapacity(rows.count)
    for row in rows {
      let count = matrix.read(row, into: &components)
      for column in components.indices { components[column] = sums[column] - components[column] }
      scores.append(score(Self(components: components, count: whole.count - count)))
    }
    return scores
  }
}
