public import DSXCore

/// The rows of a set that fulfil a condition, in stored order.
///
/// The index files say which rows to look at (`PredicateSQL`); whether a row fulfils the condition, and what
/// is printed of it, is decided on the values of the pages. With `scan` the index is not asked and every
/// scalar field may be named; all rows are read then.
public struct RecordQuery: Sendable {
  /// The set.
  public let reader: RecordReader
  private let bound: BoundPredicate
  private let scan: Bool

  /// A query. Throws `usage` for a condition that cannot be read or does not fit the schema, `unknownName`
  /// for a field that is not there.
  public init(_ reader: RecordReader, where condition: String, scan: Bool = false) throws(DSXError)
  {
    try self.init(reader, where: RowPredicate(condition), scan: scan)
  }

  /// A query for a condition that was read before.
  public init(_ reader: RecordReader, where predicate: RowPredicate, scan: Bool = false)
    throws(DSXError)
  {
    self.reader = reader
    self.scan = scan
    bound = try BoundPredicate(predicate, reader.schema, onlyIndexed: !scan)
  }

  /// Hands the numbers of matching rows to `body`, at most `size` at a time, until it returns false.
  ///
  /// Memory does not grow with the set. Throws `missingFile` when an index is not there, `corrupt` when one
  /// is not that of its data file.
  public func forEachBlock(size: Int, _ body: ([Int]) throws(DSXError) -> Bool) throws(DSXError) {
    for (number, file) in reader.files.enumerated() where file.rows > 0 {
      let first = reader.firstRows[number]
      let goesOn =
        scan
        ? try scanFile(file, first, size, body) : try askIndex(file, first, size, body)
      guard goesOn else { return }
    }
  }

  private func askIndex(
    _ file: RecordFile, _ first: Int, _ size: Int, _ body: ([Int]) throws(DSXError) -> Bool
  ) throws(DSXError) -> Bool {
    var index = try IndexQuery(file, PredicateSQL(bound))
    while true {
      let rows = try index.next(limit: max(1, size)).map { $0 + first }
      guard let low = rows.first, let high = rows.last else { return true }
      let goesOn = try hand(rows, body)
      reader.release(low..<high + 1)
      guard goesOn else { return false }
    }
  }

  private func scanFile(
    _ file: RecordFile, _ first: Int, _ size: Int, _ body: ([Int]) throws(DSXError) -> Bool
  ) throws(DSXError) -> Bool {
    for start in stride(from: first, to: first + file.rows, by: max(1, size)) {
      let end = min(start + max(1, size), first + file.rows)
      let goesOn = try hand(Array(start..<end), body)
      reader.release(start..<end)
      guard goesOn else { return false }
    }
    return true
  }

  private func hand(_ rows: [Int], _ body: ([Int]) throws(DSXError) -> Bool) throws(DSXError)
    -> Bool
  {
    let batch = try reader.batch(rows: rows, fields: bound.fields.map(\.name))
    let matching = rows.indices.filter { bound.holds(batch, row: $0) }.map { rows[$0] }
    return matching.isEmpty ? true : try body(matching)
  }

  /// How many rows match.
  public func count() throws(DSXError) -> Int {
    var count = 0
    try forEachBlock(size: 4096) { (rows) throws(DSXError) in
      count += rows.count
      return true
    }
    return count
  }
}
