internal import DSXCore

/// Reads an index row by row beside the pages and compares the two.
struct IndexReader {
  let file: RecordFile
  let path: String
  let database: Database
  private let rows: Statement
  private let names: [String]
  private var seal = IndexSeal.Sum()
  /// Whether the statement stands on a row that was not compared yet.
  private var isOnRow: Bool
  /// Rows of the pages that the index lacks, which come together as one finding.
  private var missing: Range<Int>?

  /// Opens the index of a data file: it must be there, be a database with both tables, and name the file.
  init(_ file: RecordFile) throws(DSXError) {
    self.file = file
    path = file.path + ".db"
    guard FilePath.exists(path) else {
      throw DSXError(.missingFile, "the index file is missing", file: path)
    }
    database = try Database(path: path, .readOnly)
    names = IndexSeal.columns(file.header.plan)
    rows = try database.prepare(
      "SELECT \(names.joined(separator: ",")) FROM INDEXES ORDER BY ROW_ID")
    isOnRow = try rows.step()
    if isOnRow { seal.add(rows, fields: file.header.plan.index.count) }
  }

  /// What is wrong with the database apart from its rows: its name, its journal.
  func checkTables() -> [DSXError] {
    var faults: [DSXError] = []
    do throws(DSXError) {
      let stored = try database.prepare("SELECT NAME FROM SHARD_NAME")
      let own = FilePath.split(file.path).name
      if try stored.step(), let name = stored.text(0), name.elementsEqual(own.utf8) {
        if try stored.step() {
          faults.append(fault(nil, .corrupt, "the index names more than one data file"))
        }
      } else {
        var error = fault(
          nil, .corrupt, "the index belongs to another data file, not to '\(own)'")
        error.hint = "give the files the names that they were written with"
        faults.append(error)
      }
      let journal = try database.prepare("PRAGMA journal_mode")
      if try journal.step(), let mode = journal.text(0), mode.elementsEqual("wal".utf8) {
        faults.append(
          fault(nil, .corrupt, "the index has a write-ahead log, which MindSpore cannot read"))
      }
      if file.header.checks != nil { faults += try checkDefinitions() }
    } catch { faults.append(error) }
    return faults
  }

  func fault(_ row: Int?, _ code: DSXError.Code, _ message: String) -> DSXError {
    DSXError(code, message, file: path, row: row)
  }

  private mutating func advance() throws(DSXError) {
    isOnRow = try rows.step()
    if isOnRow { seal.add(rows, fields: file.header.plan.index.count) }
  }

  /// Passes over rows that cannot be compared, up to the row number `end` of the file.
  mutating func skip(to end: Int) throws(DSXError) {
    while isOnRow, let row = rows.integer(0), row < Int64(end) { try advance() }
  }

  /// Compares the index with a segment of one row: everything that differs.
  mutating func check(_ segment: RowSegment) throws(DSXError) -> [DSXError] {
    let group = file.groups[segment.group]
    let local = segment.local.lowerBound
    let row = group.firstRow + local
    let rawStart = file.header.headerSize + group.rawPage * file.header.pageSize
    let expected = [
      row, group.rawPage, segment.table.raw[local] - rawStart,
      segment.table.raw[local + 1] - rawStart, group.id, group.blobPage,
      segment.table.blob[local] - group.blob.lowerBound,
      segment.table.blob[local + 1] - group.blob.lowerBound,
    ]
    var faults: [DSXError] = []
    while isOnRow, let found = rows.integer(0), found < Int64(row) {
      faults.append(fault(nil, .corrupt, "the index has a row \(found) too many"))
      try advance()
    }
    guard isOnRow, rows.integer(0).map({ $0 == Int64(row) }) ?? true else {
      // The set's row numbers: those of the file moved by the rows of the files before.
      let number = segment.number
      if let gap = missing, gap.upperBound == number {
        missing = gap.lowerBound..<number + 1
      } else {
        faults += endMissing()
        missing = number..<number + 1
      }
      return faults
    }
    faults += endMissing()
    for (column, value) in expected.enumerated() where rows.integer(column) != Int64(value) {
      let found = rows.integer(column).map(String.init) ?? "no integer"
      faults.append(
        fault(
          segment.number, .corrupt,
          "the index says \(names[column]) = \(found), the pages say \(value)"))
    }
    do throws(DSXError) { faults += try checkFields(segment) } catch {
      // The raw record cannot be read, which is found and told with the page.
    }
    try advance()
    return faults
  }

  private mutating func endMissing() -> [DSXError] {
    guard let gap = missing else { return [] }
    missing = nil
    let text =
      gap.count == 1 ? "the index lacks row \(gap.lowerBound)" : "the index lacks \(gap.count) rows"
    return [fault(gap.lowerBound, .incomplete, text)]
  }

  private func checkFields(_ segment: RowSegment) throws(DSXError) -> [DSXError] {
    let plan = file.header.plan
    guard !plan.index.isEmpty else { return [] }
    var faults: [DSXError] = []
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
      if same { continue }
      faults.append(
        fault(
          segment.number, .corrupt,
          "the index holds another value of '\(plan.fields[plan.index[position]].name)' than the pages"
        ))
    }
    return faults
  }

  /// After the last row: the index must end too, and match its checksum.
  mutating func finish() throws(DSXError) -> [DSXError] {
    var faults = endMissing()
    var extra = 0
    while isOnRow {
      extra += 1
      try advance()
    }
    if extra > 0 {
      faults.append(
        fault(
          nil, .corrupt,
          extra == 1
            ? "the index has a row too many" : "the index has \(extra) rows too many"))
    }
    if let checks = file.header.checks {
      do throws(DSXError) {
        try seal.compare(database, checks, rows: file.rows)
      } catch { faults.append(error) }
    }
    return faults
  }
}
