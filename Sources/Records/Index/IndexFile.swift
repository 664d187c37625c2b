internal import DSXCore

/// The SQLite index of one data file: `<data file>.db`.
///
/// | column of INDEXES | meaning |
/// |---|---|
/// | ROW_ID | the row's number in its file |
/// | PAGE_ID_RAW, PAGE_OFFSET_RAW, PAGE_OFFSET_RAW_END | page, start and end of the raw record, with its length prefix |
/// | ROW_GROUP_ID, PAGE_ID_BLOB | the row group and its blob page |
/// | PAGE_OFFSET_BLOB, PAGE_OFFSET_BLOB_END | start and end of the blob record |
/// | INC_i, NAME_0 | always 0, and the value of the i-th index field |
///
/// SHARD_NAME holds one row: the base name of the data file. Built from the pages, so a lost index can
/// be made again.
enum IndexFile {
  /// Writes the index of a finished data file whose name is `name`.
  static func write(_ file: RecordFile, name: String, to path: String) throws(DSXError) {
    let plan = file.header.plan
    let database = try Database(path: path, .create)
    // A crash discards the whole temporary folder, and the caller flushes the finished file: no journal
    // is needed meanwhile. The file itself stays a plain rollback-journal database.
    try database.run("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-16384")
    try database.run("BEGIN")
    try database.run(schema(plan))
    try database.run("CREATE TABLE SHARD_NAME(NAME TEXT NOT NULL)")
    let naming = try database.prepare("INSERT INTO SHARD_NAME VALUES(?)")
    try bound(name, naming)
    let marks = Array(repeating: "?", count: 8 + plan.index.count)
    var values = Array(marks[..<8])
    for _ in plan.index { values += ["0", "?"] }
    let insert = try database.prepare(
      "INSERT INTO INDEXES VALUES(\(values.joined(separator: ",")))")
    for (number, group) in file.groups.enumerated() where group.rows > 0 {
      let table = try GroupTable(group, file.bytes)
      try add(file, number, table, insert)
      // Else every page of the file would count as this process's memory.
      file.release(number)
    }
    naming.end()
    insert.end()
    try database.run("COMMIT")
    try database.close()
  }

  private static func bound(_ name: String, _ statement: Statement) throws(DSXError) {
    var failure: DSXError?
    var text = name
    text.withUTF8 { bytes in
      statement.bind(1, UnsafeRawBufferPointer(bytes))
      do throws(DSXError) { try statement.insert() } catch { failure = error }
    }
    if let failure { throw failure }
  }

  private static func add(
    _ file: RecordFile, _ number: Int, _ table: GroupTable, _ insert: Statement
  ) throws(DSXError) {
    let plan = file.header.plan
    let group = file.groups[number]
    let rawStart = file.header.headerSize + group.rawPage * file.header.pageSize
    let blobStart = group.blob.lowerBound
    insert.bind(2, Int64(group.rawPage))
    insert.bind(5, Int64(group.id))
    insert.bind(6, Int64(group.blobPage))
    for row in 0..<group.rows {
      insert.bind(1, Int64(group.firstRow + row))
      insert.bind(3, Int64(table.raw[row] - rawStart))
      insert.bind(4, Int64(table.raw[row + 1] - rawStart))
      insert.bind(7, Int64(table.blob[row] - blobStart))
      insert.bind(8, Int64(table.blob[row + 1] - blobStart))
      if !plan.index.isEmpty {
        let record = UnsafeRawBufferPointer(
          rebasing: file.bytes[table.raw[row] + 8..<table.raw[row + 1]])
        try bindFields(record, table.raw[row] + 8, plan, insert)
      }
      try insert.insert()
    }
  }

  private static func bindFields(
    _ record: UnsafeRawBufferPointer, _ base: Int, _ plan: RecordPlan, _ insert: Statement
  ) throws(DSXError) {
    var reader = MessagePackReader(record, base: base)
    let members = try reader.map()
    for _ in 0..<members {
      let key = try reader.key()
      let value = try reader.value()
      guard
        let position = plan.index.firstIndex(where: {
          plan.fields[$0].name.utf8.elementsEqual(key)
        })
      else { continue }
      switch value {
      case .integer(let value): insert.bind(Int32(9 + position), value)
      case .unsigned(let value): insert.bind(Int32(9 + position), Double(value))
      case .double(let value): insert.bind(Int32(9 + position), value)
      case .string(let text): insert.bind(Int32(9 + position), cut(text))
      }
    }
  }

  /// MindSpore cuts indexed text at its first NUL.
  static func cut(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    guard let end = text.firstIndex(of: 0) else { return text }
    return UnsafeRawBufferPointer(rebasing: text[..<end])
  }

  /// The statement that makes INDEXES, with MindSpore's own blanks, so that dumps are equal.
  static func schema(_ plan: RecordPlan) -> String {
    var sql =
      "CREATE TABLE INDEXES(  ROW_ID               INT  NOT NULL, "
      + "PAGE_ID_RAW          INT  NOT NULL, PAGE_OFFSET_RAW      INT  NOT NULL, "
      + "PAGE_OFFSET_RAW_END  INT  NOT NULL, ROW_GROUP_ID         INT  NOT NULL, "
      + "PAGE_ID_BLOB         INT  NOT NULL, PAGE_OFFSET_BLOB     INT  NOT NULL, "
      + "PAGE_OFFSET_BLOB_END INT  NOT NULL"
    var key = "ROW_ID"
    for (position, number) in plan.index.enumerated() {
      let type =
        switch plan.fields[number].type {
        case .string, .bytes: "TEXT"
        case .int32, .int64: "INTEGER"
        case .float32, .float64: "REAL"
        }
      sql += ",INC_\(position) INT, \(plan.fields[number].name)_0 \(type)"
      key += ",INC_\(position)"
    }
    return sql + ", PRIMARY KEY(\(key)))"
  }
}
