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
/// SHARD_NAME holds one row: the base name of the data file. DSX_META (IndexSeal.swift) holds checksums,
/// unless the data file has none. Built from the pages, so a lost index can be made again.
enum IndexFile {
  /// Writes the index of a finished data file whose name is `name`.
  static func write(_ file: RecordFile, name: String, to path: String) throws(DSXError) {
    let plan = file.header.plan
    // A killed run may have left one that is half written.
    try FilePath.removeTree(path)
    try FilePath.removeTree(path + "-journal")
    let database = try Database(path: path, .create)
    // A crash discards the whole temporary folder, and the caller flushes the finished file: no journal
    // is needed meanwhile. The file itself stays a plain rollback-journal database.
    try database.run("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-16384")
    try database.run("BEGIN")
    try database.run(schema(plan))
    try database.run("CREATE TABLE SHARD_NAME(NAME TEXT NOT NULL)")
    let naming = try database.prepare("INSERT INTO SHARD_NAME VALUES(?)")
    try bound([name], naming)
    let marks = Array(repeating: "?", count: 8 + plan.index.count)
    var values = Array(marks[..<8])
    for _ in plan.index { values += ["0", "?"] }
    let insert = try database.prepare(
      "INSERT INTO INDEXES VALUES(\(values.joined(separator: ",")))")
    let seal = IndexSeal.Sum()
    for (number, group) in file.groups.enumerated() where group.rows > 0 {
      let table = try GroupTable(group, file.bytes)
      try add(file, number, table, insert, seal)
      // The file may be larger than memory: what was read is given back.
      file.release(number)
    }
    naming.end()
    insert.end()
    if let checks = file.header.checks {
      try database.run("CREATE TABLE \(IndexSeal.table)(NAME TEXT NOT NULL, VALUE TEXT NOT NULL)")
      let meta = try database.prepare("INSERT INTO \(IndexSeal.table) VALUES(?,?)")
      for (name, value) in seal.members(of: checks, rows: file.rows) {
        try bound([name, value], meta)
      }
      meta.end()
    }
    try database.run("COMMIT")
    try database.close()
  }

  static func bound(_ texts: [String], _ statement: Statement) throws(DSXError) {
    // The bytes must live until the step is done.
    var bytes = ByteStore()
    for text in texts { bytes.append(text: text) }
    var at = 0
    for (position, text) in texts.enumerated() {
      let end = at + text.utf8.count
      statement.bind(Int32(position + 1), UnsafeRawBufferPointer(rebasing: bytes.bytes[at..<end]))
      at = end
    }
    try statement.insert()
  }

  private static func add(
    _ file: RecordFile, _ number: Int, _ table: GroupTable, _ insert: Statement,
    _ seal: IndexSeal.Sum
  ) throws(DSXError) {
    let plan = file.header.plan
    let group = file.groups[number]
    let rawStart = file.header.headerSize + group.rawPage * file.header.pageSize
    let blobStart = group.blob.lowerBound
    func put(_ position: Int32, _ value: Int) {
      insert.bind(position, Int64(value))
      seal.add(Int64(value))
    }
    for row in 0..<group.rows {
      put(1, group.firstRow + row)
      put(2, group.rawPage)
      put(3, table.raw[row] - rawStart)
      put(4, table.raw[row + 1] - rawStart)
      put(5, group.id)
      put(6, group.blobPage)
      put(7, table.blob[row] - blobStart)
      put(8, table.blob[row + 1] - blobStart)
      if !plan.index.isEmpty {
        let record = UnsafeRawBufferPointer(
          rebasing: file.bytes[table.raw[row] + 8..<table.raw[row + 1]])
        try bindFields(record, table.raw[row] + 8, plan, insert, seal)
      }
      seal.endRow()
      try insert.insert()
    }
  }

  private static func bindFields(
    _ record: UnsafeRawBufferPointer, _ base: Int, _ plan: RecordPlan, _ insert: Statement,
    _ seal: IndexSeal.Sum
  ) throws(DSXError) {
    var found = [MessagePackValue?](repeating: nil, count: plan.index.count)
    var reader = MessagePackReader(record, base: base)
    let members = try reader.map()
    for _ in 0..<members {
      let key = try reader.key()
      let value = try reader.value()
      let position = plan.index.firstIndex { plan.fields[$0].name.utf8.elementsEqual(key) }
      if let position { found[position] = value }
    }
    for (position, value) in found.enumerated() {
      let column = Int32(9 + position)
      // SQLite keeps whole numbers in a float field's column as floats, and the checksum is of what it keeps.
      let isFloat = plan.fields[plan.index[position]].type.isFloat
      switch value {
      case .integer(let value) where isFloat:
        insert.bind(column, Double(value))
        seal.field(Double(value))
      case .integer(let value):
        insert.bind(column, value)
        seal.field(value)
      case .unsigned(let value):
        insert.bind(column, Double(value))
        seal.field(Double(value))
      case .double(let value):
        insert.bind(column, value)
        seal.field(value)
      case .string(let text):
        insert.bind(column, cut(text))
        seal.field(cut(text))
      case nil:
        insert.bindNull(column)
        seal.none()
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
