public import DSXCore

/// Rows in any order.
extension RecordReader {
  /// The rows of these numbers, in this order; a number may come more than once. Columns as in
  /// `batch(_:fields:)`.
  ///
  /// Throws `corrupt` on damage, `unknownName` for a field that is not there, `usage` for a row outside
  /// of the set. `firstRow` of the batch is the first number.
  public func batch(rows: [Int], fields: [String]? = nil) throws(DSXError) -> Batch {
    try batch(
      segments(of: rows), numbers: numbers(of: fields), firstRow: rows.first ?? 0)
  }

  /// The numbers of fields; nil: all.
  func numbers(of fields: [String]?) throws(DSXError) -> [Int] {
    guard let fields else { return Array(plan.fields.indices) }
    var numbers: [Int] = []
    for name in fields {
      let number = try number(of: name)
      guard !numbers.contains(number) else {
        throw DSXError(.usage, "the field '\(name)' is named twice")
      }
      numbers.append(number)
    }
    return numbers
  }

  /// The file of a row: the last one that starts at or before it and is not empty. Logarithmic.
  func fileIndex(of row: Int) -> Int {
    var low = 0
    var high = files.count - 1
    while low < high {
      let middle = (low + high + 1) / 2
      if firstRows[middle] <= row { low = middle } else { high = middle - 1 }
    }
    return low
  }

  /// Segments for rows in any order: runs of consecutive rows stay together.
  func segments(of rows: [Int]) throws(DSXError) -> [RowSegment] {
    var found: [RowSegment] = []
    found.reserveCapacity(rows.count)
    // Few groups are asked for again and again: each table is fetched once a call.
    var tables: [Place: GroupTable] = [:]
    var at = 0
    while at < rows.count {
      let row = rows[at]
      guard row >= 0, row < count else {
        throw DSXError(
          .usage, "row \(row) is outside of the \(count) rows", file: files[0].path)
      }
      var run = 1
      while at + run < rows.count, rows[at + run] == row + run { run += 1 }
      guard run < Self.wholeRun else {
        found += try segments(row..<row + run)
        at += run
        continue
      }
      let number = fileIndex(of: row)
      let file = files[number]
      let local = row - firstRows[number]
      let group = file.groupIndex(of: local)
      let start = local - file.groups[group].firstRow
      let take = min(run, file.groups[group].rows - start)
      if keepsAnchors {
        let table = try file.table(group, rows: start..<start + take, stride: anchorStride)
        found.append(
          RowSegment(file: file, group: group, table: table, local: 0..<take, number: row))
      } else {
        let place = Place(file: number, group: group)
        let table: GroupTable
        if let known = tables[place] {
          table = known
        } else {
          table = try file.scatteredTable(group)
          tables[place] = table
        }
        found.append(
          RowSegment(
            file: file, group: group, table: table, local: start..<start + take, number: row))
      }
      at += take
    }
    return found
  }

  private struct Place: Hashable {
    var file: Int
    var group: Int
  }

  /// Runs of this many rows are read as ranges.
  private static var wholeRun: Int { 64 }

  /// Whether the positions of all records would take too much memory to be kept.
  private var keepsAnchors: Bool { count > RecordFile.cachedRows }

  /// One in so many positions is kept: at most 2^20 over the set.
  private var anchorStride: Int { max(16, (count >> 20) + 1) }

  /// Lets the system take back the memory of everything that was read; it can be read again.
  public func releaseAll() { for file in files { file.releaseAll() } }

  /// Rows that take about 8 MiB, from the row group with the longest rows: 1 to 4096.
  public var suggestedBatchRows: Int {
    var longest = 1
    for file in files {
      for group in file.groups where group.rows > 0 {
        longest = max(longest, (group.blob.count + group.raw.count) / group.rows)
      }
    }
    return min(4096, max(1, (8 << 20) / longest))
  }
}
