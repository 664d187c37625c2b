public import DSXCore

/// Some rows of a set in some order, computed as they are asked for.
public enum RowSelection: Sendable {
  /// A range in stored order.
  case stored(Range<Int>)
  /// The rows at some positions of an order, in that order.
  case ordered(RowOrder, positions: Range<Int>)
  /// The same rows in stored order.
  case drawn(RowOrder, positions: Range<Int>)
  /// The rows of which the hash of a field falls into one part of a ratio, in stored order.
  case hashed(RowHash, field: String, RowRatio, part: Int)
  /// The rows that fulfil a condition, in stored order.
  case matching(RecordQuery)
  /// Those of the rows that fulfil a condition whose places among them lie at some positions of an order
  /// (over as many rows as match), in stored order.
  case drawnMatching(RecordQuery, RowOrder, positions: Range<Int>)

  /// Hands the row numbers to `body`, at most `size` at a time, until it returns false.
  ///
  /// Memory does not grow with the set. `drawn` looks up to 2^20 rows up and sorts them; above that it
  /// goes through the whole range and asks for each row's position.
  public func forEachBlock(
    of reader: RecordReader, size: Int, _ body: ([Int]) throws(DSXError) -> Bool
  ) throws(DSXError) {
    let size = max(1, size)
    switch self {
    case .stored(let range):
      for start in stride(from: range.lowerBound, to: range.upperBound, by: size) {
        let end = min(start + size, range.upperBound)
        guard try body(Array(start..<end)) else { return }
        reader.release(start..<end)
      }
    case .ordered(let order, let positions):
      var scattered = 0
      for start in stride(from: positions.lowerBound, to: positions.upperBound, by: size) {
        let end = min(start + size, positions.upperBound)
        guard try body(order.rows(at: start..<end)) else { return }
        scattered += end - start
        if scattered >= RecordLoader.scatteredLimit {
          reader.releaseAll()
          scattered = 0
        }
      }
    case .drawn(let order, let positions):
      if positions.count <= 1 << 20 {
        let rows = order.rows(at: positions).sorted()
        for start in stride(from: 0, to: rows.count, by: size) {
          let block = rows[start..<min(start + size, rows.count)]
          guard let first = block.first, let last = block.last, try body(Array(block)) else {
            return
          }
          reader.release(first..<last + 1)
        }
      } else {
        try filter(order.rows, of: reader, size: size, body) { (rows) throws(DSXError) in
          rows.filter { row in
            guard let permutation = order.permutation else {
              return positions.contains(row - order.rows.lowerBound)
            }
            return positions.contains(permutation.position(of: row - order.rows.lowerBound))
          }
        }
      }
    case .matching(let query): try query.forEachBlock(size: size, body)
    case .drawnMatching(let query, let order, let positions):
      var place = 0
      try query.forEachBlock(size: size) { (rows) throws(DSXError) in
        var kept: [Int] = []
        for row in rows {
          // The set was changed meanwhile if more rows match than were counted.
          guard place < order.count else { break }
          let position = order.permutation?.position(of: place) ?? place
          if positions.contains(position) { kept.append(row) }
          place += 1
        }
        return kept.isEmpty ? true : try body(kept)
      }
    case .hashed(let hash, let field, let ratio, let part):
      try filter(0..<reader.count, of: reader, size: size, body) { (rows) throws(DSXError) in
        let column = try reader.batch(rows, fields: [field]).columns[0]
        return rows.indices.filter {
          ratio.part(ofHash: hash.hash(column, row: $0 - rows.lowerBound)) == part
        }
      }
    }
  }

  private func filter(
    _ range: Range<Int>, of reader: RecordReader, size: Int,
    _ body: ([Int]) throws(DSXError) -> Bool, _ keep: (Range<Int>) throws(DSXError) -> [Int]
  ) throws(DSXError) {
    for start in stride(from: range.lowerBound, to: range.upperBound, by: size) {
      let rows = start..<min(start + size, range.upperBound)
      let kept = try keep(rows)
      if !kept.isEmpty { guard try body(kept) else { return } }
      reader.release(rows)
    }
  }

  /// How many rows it holds, where that is known without reading.
  public var count: Int? {
    switch self {
    case .stored(let range): range.count
    case .ordered(_, let positions), .drawn(_, let positions): positions.count
    case .drawnMatching(_, _, let positions): positions.count
    case .hashed, .matching: nil
    }
  }
}

extension RecordWriter {
  /// Appends selected rows of another set, a block at a time; returns how many they were.
  ///
  /// The set's fields must be those of the writer's schema. `progress` is called with the rows so far.
  @discardableResult
  public mutating func append(
    _ selection: RowSelection, of reader: RecordReader, progress: (Int) -> Void = { _ in }
  ) throws(DSXError) -> Int {
    let before = rows
    try selection.forEachBlock(of: reader, size: reader.suggestedBatchRows) {
      (block) throws(DSXError) in
      try append(reader.batch(rows: block))
      progress(rows - before)
      return true
    }
    return rows - before
  }
}
