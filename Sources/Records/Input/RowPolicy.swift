public import DSXCore

/// What happens to a row that cannot be stored.
public enum RowPolicy {
  /// The first one is an error.
  case error
  /// It is left out and handed to the closure; the rows around it are written.
  case skip((SkippedRow) throws(DSXError) -> Void)
}

extension RecordWriter {
  /// Appends the rows of a batch under a policy for those that cannot be stored: a wrong shape, an
  /// overflowing int32, a non-finite indexed float, text that is not UTF-8, an empty only blob field, a
  /// row longer than a page. Returns how many rows were written.
  ///
  /// A skipped row is numbered by `batch.firstRow` and its place in the batch. A column that is missing or
  /// of a wrong type is an error under either policy: no row of the batch could be stored.
  @discardableResult
  public mutating func append(_ batch: Batch, onBadRow policy: RowPolicy) throws(DSXError) -> Int {
    guard case .skip(let sink) = policy else {
      try append(batch)
      return batch.rows
    }
    let before = rows
    // The rows of the batch that are still to be written, by number. After a bad row the runs become short
    // and grow again, so that many bad rows do not copy the rest of the batch each time.
    var left = Array(0..<batch.rows)[...]
    var run = batch.rows
    while let first = left.first {
      let part = Array(left.prefix(max(1, run)))
      let written = rows
      do throws(DSXError) {
        try append(part.count == batch.rows ? batch : batch.taking(part))
        left = left.dropFirst(part.count)
        run = max(1, run) * 2
      } catch {
        // Rows before the bad one are in, unless the whole call was refused (MindSpore's placement).
        guard error.code == .malformed, let number = error.location.row,
          part.indices.contains(number - written)
        else { throw error }
        let bad = part[number - written]
        try sink(
          SkippedRow(row: batch.firstRow + bad, RowFault(.refused, error.message)))
        left = left.dropFirst(rows - written)
        left = left.filter { $0 != bad }[...]
        if rows - written == number - written { run = max(1, (number - written) / 2) }
        _ = first
      }
    }
    return rows - before
  }
}

extension Batch {
  /// Some rows of the batch, by their places in it.
  func taking(_ rows: [Int]) -> Batch {
    func cut<Element>(_ values: [Element], _ offsets: [Int]?) -> [Element] {
      guard let offsets else { return rows.map { values[$0] } }
      var found: [Element] = []
      for row in rows { found += values[offsets[row]..<offsets[row + 1]] }
      return found
    }
    let columns = columns.map { column -> Column in
      let elements: Column.Elements =
        switch column.elements {
        case .int32(let values): .int32(cut(values, column.offsets))
        case .int64(let values): .int64(cut(values, column.offsets))
        case .float32(let values): .float32(cut(values, column.offsets))
        case .float64(let values): .float64(cut(values, column.offsets))
        case .bytes(let values): .bytes(cut(values, column.offsets))
        }
      guard let offsets = column.offsets else { return Column(elements) }
      var ends = [0]
      for row in rows { ends.append(ends[ends.count - 1] + offsets[row + 1] - offsets[row]) }
      return Column(elements, offsets: ends)
    }
    return Batch(schema: schema, columns: columns, firstRow: firstRow)
  }
}
