internal import DSXCore

/// Reads an index row by row beside the pages and compares the two.
struct IndexReader {
  private let file: RecordFile
  private let path: String
  private let database: Database
  private let rows: Statement
  private var next = 0

  /// Opens the index of a data file: it must be there, be a database with both tables, and name the file.
  init(_ file: RecordFile) throws(DSXError) {
    self.file = file
    path = file.path + ".db"
    guard FilePath.exists(path) else {
      throw DSXError(.missingFile, "the index file is missing", file: path)
    }
    database = try Database(path: path, .readOnly)
    let names = try database.prepare("SELECT NAME FROM SHARD_NAME")
    let own = FilePath.split(file.path).name
    guard try names.step(), let name = names.text(0), name.elementsEqual(own.utf8) else {
      throw DSXError(
        .corrupt, "the index belongs to another data file, not to '\(own)'", file: path,
        hint: "give the files the names that they were written with")
    }
    guard try !names.step() else {
      throw DSXError(.corrupt, "the index names more than one data file", file: path)
    }
    rows = try database.prepare(
      "SELECT \(IndexSeal.columns(file.header.plan).joined(separator: ",")) FROM INDEXES ORDER BY ROW_ID"
    )
  }

  private func fault(_ row: Int, _ code: DSXError.Code, _ message: String) -> DSXError {
    DSXError(code, message, file: path, row: row)
  }

  /// Passes over rows that cannot be compared.
  mutating func skip(_ count: Int) throws(DSXError) {
    for _ in 0..<count {
      _ = try rows.step()
      next += 1
    }
  }

  /// Compares the next index row with a segment of one row. Throws `incomplete` when rows are missing.
  mutating func check(_ segment: RowSegment) throws(DSXError) {
    guard try rows.step() else {
      throw fault(
        segment.number, .incomplete, "the index has only \(next) rows, the pages have \(file.rows)")
    }
    let group = file.groups[segment.group]
    let local = segment.local.lowerBound
    let rawStart = file.header.headerSize + group.rawPage * file.header.pageSize
    let expected = [
      group.firstRow + local, group.rawPage, segment.table.raw[local] - rawStart,
      segment.table.raw[local + 1] - rawStart, group.id, group.blobPage,
      segment.table.blob[local] - group.blob.lowerBound,
      segment.table.blob[local + 1] - group.blob.lowerBound,
    ]
    let names = [
      "ROW_ID", "PAGE_ID_RAW", "PAGE_OFFSET_RAW", "PAGE_OFFSET_RAW_END", "ROW_GROUP_ID",
      "PAGE_ID_BLOB", "PAGE_OFFSET_BLOB", "PAGE_OFFSET_BLOB_END",
    ]
    let isFirst = next == expected[0]
    next += 1
    for (column, value) in expected.enumerated() where rows.integer(column) != Int64(value) {
      let found = rows.integer(column).map(String.init) ?? "no integer"
      let isLost = column == 0 && isFirst
      throw fault(
        segment.number, isLost ? .incomplete : .corrupt,
        "the index says \(names[column]) = \(found), the pages say \(value)")
    }
    try checkFields(segment)
  }

  private func checkFields(_ segment: RowSegment) throws(DSXError) {
    let plan = file.header.plan
    guard !plan.index.isEmpty else { return }
    var reader = MessagePackReader(segment.raw(0), base: segment.offset(segment.raw(0)))
    for _ in 0..<(try reader.map()) {
      let key = try reader.key()
      let value = try reader.value()
      guard
        let position = plan.index.firstIndex(where: {
          plan.fields[$0].name.utf8.elementsEqual(key)
        })
      else { continue }
      let same =
        switch value {
        case .integer(let value):
          rows.integer(8 + position) == value || rows.double(8 + position) == Double(value)
        case .unsigned(let value): rows.double(8 + position) == Double(value)
        case .double(let value): rows.double(8 + position) == value
        case .string(let text): rows.text(8 + position)?.elementsEqual(IndexFile.cut(text)) ?? false
        }
      guard same else {
        throw fault(
          segment.number, .corrupt,
          "the index holds another value of '\(plan.fields[plan.index[position]].name)' than the pages"
        )
      }
    }
  }

  /// After the last row: the index must end too.
  mutating func finish() throws(DSXError) {
    guard try !rows.step() else {
      throw fault(file.rows, .corrupt, "the index has more rows than the \(file.rows) of the pages")
    }
  }
}
