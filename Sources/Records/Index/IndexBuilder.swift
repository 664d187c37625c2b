internal import DSXCore

/// Makes the index of one data file, row group by row group, while its pages are still being written.
///
/// One owner at a time uses it; that may be another thread than the one that made it.
final class IndexBuilder: @unchecked Sendable {
  /// The rows of one group as the index sees them.
  struct Group: Sendable {
    var id: Int
    /// The first row's number in its file.
    var firstRow: Int
    var blobPage: Int
    var rawPage: Int
    /// Where the group's raw records start in their page.
    var rawOffset: Int
    /// Bytes of each record, length prefix included.
    var blobLengths: [UInt32]
    var rawLengths: [UInt32]
    /// The raw records; may be empty when the plan has no index fields.
    var raw: [UInt8]
  }

  /// An index field of the raw record.
  private struct Key {
    var name: [UInt8]
    var isFloat: Bool
  }

  private let database: Database
  private let insert: Statement
  private let keys: [Key]
  private let seal = IndexSeal.Sum()
  private var found: [MessagePackValue?] = []

  /// Starts the index at `path` of the data file called `name`. A half-written one that a killed run left
  /// is removed. Throws `io`.
  init(path: String, name: String, plan: RecordPlan) throws(DSXError) {
    try FilePath.removeTree(path)
    try FilePath.removeTree(path + "-journal")
    database = try Database(path: path, .create)
    // A crash discards the whole temporary folder, and the caller flushes the finished file: no journal
    // is needed meanwhile. The file itself stays a plain rollback-journal database.
    try database.run(
      "PRAGMA page_size=16384; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; "
        + "PRAGMA locking_mode=EXCLUSIVE; PRAGMA cache_size=-16384")
    try database.run("BEGIN")
    try database.run(IndexFile.schema(plan))
    try database.run(IndexFile.naming)
    let naming = try database.prepare("INSERT INTO SHARD_NAME VALUES(?)")
    try IndexFile.bound([name], naming)
    naming.end()
    var values = Array(repeating: "?", count: 8)
    for _ in plan.index { values += ["0", "?"] }
    insert = try database.prepare("INSERT INTO INDEXES VALUES(\(values.joined(separator: ",")))")
    keys = plan.index.map { number in
      Key(name: Array(plan.fields[number].name.utf8), isFloat: plan.fields[number].type.isFloat)
    }
    found = Array(repeating: nil, count: keys.count)
  }

  /// Adds the rows of a group; groups come in order.
  func add(_ group: Group) throws(DSXError) {
    // The closure cannot carry a typed error out by itself.
    var failure: DSXError?
    group.raw.withUnsafeBytes { records in
      do throws(DSXError) {
        var blobAt = 0
        var rawAt = 0
        for row in group.rawLengths.indices {
          let blobEnd = blobAt + Int(group.blobLengths[row])
          let rawEnd = rawAt + Int(group.rawLengths[row])
          let record =
            keys.isEmpty
            ? nil : UnsafeRawBufferPointer(rebasing: records[rawAt + 8..<rawEnd])
          try add(
            row: group.firstRow + row, rawPage: group.rawPage,
            raw: group.rawOffset + rawAt..<group.rawOffset + rawEnd, group: group.id,
            blobPage: group.blobPage, blob: blobAt..<blobEnd, record: record, base: 0)
          blobAt = blobEnd
          rawAt = rawEnd
        }
      } catch { failure = error }
    }
    if let failure { throw failure }
  }

  /// Adds one row. Ranges count from the start of the pages; `record` is the raw record behind its length
  /// prefix, needed when there are index fields, and `base` its place in the file, for messages.
  func add(
    row: Int, rawPage: Int, raw: Range<Int>, group: Int, blobPage: Int, blob: Range<Int>,
    record: UnsafeRawBufferPointer?, base: Int
  ) throws(DSXError) {
    put(1, row)
    put(2, rawPage)
    put(3, raw.lowerBound)
    put(4, raw.upperBound)
    put(5, group)
    put(6, blobPage)
    put(7, blob.lowerBound)
    put(8, blob.upperBound)
    if let record { try bindFields(record, base) }
    seal.endRow()
    try insert.insert()
  }

  @inline(__always)
  private func put(_ position: Int32, _ value: Int) {
    insert.bind(position, Int64(value))
    seal.add(Int64(value))
  }

  private func bindFields(_ record: UnsafeRawBufferPointer, _ base: Int) throws(DSXError) {
    for position in found.indices { found[position] = nil }
    var reader = MessagePackReader(record, base: base)
    let members = try reader.map()
    // Members come sorted by name, and index fields mostly are: the next one is the first guess.
    var guess = 0
    for _ in 0..<members {
      let name = try reader.key()
      let value = try reader.value()
      if guess < keys.count, keys[guess].name.elementsEqual(name) {
        found[guess] = value
        guess += 1
      } else if let position = keys.firstIndex(where: { $0.name.elementsEqual(name) }) {
        found[position] = value
      }
    }
    for position in found.indices { bind(found[position], position) }
  }

  private func bind(_ value: MessagePackValue?, _ position: Int) {
    let column = Int32(9 + position)
    switch value {
    // SQLite keeps whole numbers in a float field's column as floats, and the checksum is of what it keeps.
    case .integer(let value) where keys[position].isFloat:
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
      let text = IndexFile.cut(text)
      insert.bind(column, text)
      seal.field(text)
    case nil:
      insert.bindNull(column)
      seal.none()
    }
  }

  /// Ends the index of a file with `rows` rows; with `checks` it gets its checksum.
  func finish(_ checks: HeaderChecks?, rows: Int) throws(DSXError) {
    insert.end()
    if let checks {
      try database.run(IndexSeal.definition)
      let meta = try database.prepare("INSERT INTO \(IndexSeal.table) VALUES(?,?)")
      for (name, value) in seal.members(of: checks, rows: rows) {
        try IndexFile.bound([name, value], meta)
      }
      meta.end()
    }
    try database.run("COMMIT")
    try database.close()
  }
}
