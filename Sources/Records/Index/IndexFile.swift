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
    let builder = try IndexBuilder(path: path, name: name, plan: plan)
    for (number, group) in file.groups.enumerated() where group.rows > 0 {
      let table = try GroupTable(group, file.bytes)
      let rawStart = file.header.headerSize + group.rawPage * file.header.pageSize
      let blobStart = group.blob.lowerBound
      builder.begin(rows: group.rows)
      for row in 0..<group.rows {
        let raw = table.raw[row]..<table.raw[row + 1]
        let record =
          plan.index.isEmpty
          ? nil : UnsafeRawBufferPointer(rebasing: file.bytes[raw.lowerBound + 8..<raw.upperBound])
        try builder.add(
          row: group.firstRow + row, rawPage: group.rawPage,
          raw: raw.lowerBound - rawStart..<raw.upperBound - rawStart, group: group.id,
          blobPage: group.blobPage,
          blob: table.blob[row] - blobStart..<table.blob[row + 1] - blobStart, record: record,
          base: raw.lowerBound + 8)
      }
      // The file may be larger than memory: what was read is given back.
      file.release(number)
    }
    try builder.finish(file.header.checks, rows: file.rows)
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
