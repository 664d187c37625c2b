internal import DSXCore

/// Turns the cells of columns `NAME:FILE` into the places of their files, as ModelScope does: inside of the
/// split's archive or folder. The column keeps its whole name.
///
/// (modelscope 1.9.5 cuts the name by letters, so that 'FILENAME:FILE' loses some; that is not copied.)
struct FileColumnCursor: TableCursor {
  let schema: Schema
  private var inner: any TableCursor
  private let columns: [Int]
  private let root: String
  private let isArchive: Bool
  private let table: String
  private let onBadRow: BadRowPolicy
  private var refused = BadRows()

  /// The ending of such columns' names.
  static let suffix = ":FILE"

  /// `table`: what messages call the table. A row with a cell that leads out of `root` is a bad row.
  init(_ inner: any TableCursor, root: String, table: String, onBadRow: BadRowPolicy) {
    self.inner = inner
    self.root = root
    self.table = table
    self.onBadRow = onBadRow
    isArchive = !FilePath.isFolder(root)
    var schema = inner.schema
    columns = schema.fields.indices.filter {
      schema.fields[$0].name.hasSuffix(Self.suffix) && schema.fields[$0].type == .string
    }
    for place in columns { schema.fields[place].feature = .file }
    self.schema = schema
  }

  mutating func next() throws(DSXError) -> Batch? {
    while var batch = try inner.next() {
      batch.schema = schema
      let good = try inside(batch)
      if good.count < batch.rows { batch = batch.rows(good) }
      if batch.rows > 0 { return placed(batch) }
    }
    return nil
  }

  /// The rows whose cells stay inside of the root. Row numbers stay those of the table.
  private mutating func inside(_ batch: Batch) throws(DSXError) -> [Int] {
    var good: [Int] = []
    for row in 0..<batch.rows {
      let bad = columns.first { place in
        let column = batch.columns[place]
        guard column.isValid(row), let cell = column.string(row) else { return false }
        return CatalogEntry.leadsOut(cell)
      }
      guard let bad else {
        good.append(row)
        continue
      }
      let cell = batch.columns[bad].string(row) ?? ""
      let fault = DSXError(
        .malformed,
        "the column '\(schema.fields[bad].name)' names '\(cell.prefix(60))', which leads out of the "
          + "data set", file: table, row: batch.firstRow + row,
        hint: "such cells name files relative to the split's folder or archive")
      guard onBadRow == .skip else { throw fault }
      refused.add(fault)
    }
    return good
  }

  /// The batch with its cells as places.
  private func placed(_ original: Batch) -> Batch {
    var batch = original
    for place in columns {
      let column = batch.columns[place]
      var made = Column(
        strings: (0..<column.rows).map { row in
          guard column.isValid(row), let cell = column.string(row), !cell.isEmpty else { return "" }
          return isArchive
            ? DataFile.member(archive: root, name: cell).location : FilePath.join(root, cell)
        })
      made.validity = column.validity
      batch.columns[place] = made
    }
    return batch
  }

  var badRows: BadRows {
    var all = inner.badRows
    all.add(refused)
    return all
  }
  var consumed: Int { inner.consumed }
  var state: CursorState { inner.state }
  mutating func restore(_ state: CursorState) throws(DSXError) { try inner.restore(state) }
}
