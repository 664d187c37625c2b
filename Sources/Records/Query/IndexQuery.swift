internal import DSXCore

/// The rows of one data file that its index names for a condition.
///
/// The connection can only read (`SQLITE_OPEN_READONLY`, `mode=ro&immutable=1`, `query_only`, defensive, no
/// trusted schema), every value is a parameter, and what comes back is checked: INDEXES must be a plain
/// table with each row of the file once, and fit its checksum (DSX_META) where the data file has checksums.
struct IndexQuery {
  private let file: RecordFile
  private let path: String
  private let database: Database
  private let rows: Statement
  /// Text parameters: SQLite keeps pointers to them while the statement lives.
  private let texts: ByteStoreBox
  private var last = -1
  /// A statement that is stepped again after its end begins anew.
  private var isAtEnd = false

  /// Holds bytes at a fixed place.
  final class ByteStoreBox {
    var store = ByteStore()
  }

  static let hint =
    "make the index again: dsx records repair; or read the pages instead: --scan"

  /// Opens the index of `file` for a condition. Throws `missingFile` when there is none, `corrupt` when it
  /// is not the index of this file.
  init(_ file: RecordFile, _ condition: PredicateSQL) throws(DSXError) {
    self.file = file
    path = file.path + ".db"
    guard FilePath.exists(path) else {
      throw DSXError(.missingFile, "the index file is missing", file: path, hint: Self.hint)
    }
    do {
      database = try Database(path: path, .query)
      try Self.check(database, file)
      texts = ByteStoreBox()
      rows = try database.prepare(
        "SELECT INDEXES.ROW_ID FROM INDEXES WHERE \(condition.text) ORDER BY INDEXES.ROW_ID")
      Self.bind(condition.values, rows, texts)
    } catch {
      var fault = error
      if error.hint == nil, error.code == .corrupt { fault.hint = Self.hint }
      throw fault
    }
  }

  private static func bind(
    _ values: [RowPredicate.Literal], _ statement: Statement, _ texts: ByteStoreBox
  ) {
    var ends: [Int] = []
    for case .text(let text) in values {
      texts.store.append(text: text)
      ends.append(texts.store.count)
    }
    var start = 0
    var next = 0
    for (position, value) in values.enumerated() {
      switch value {
      case .integer(let number): statement.bind(Int32(position + 1), number)
      case .float(let number): statement.bind(Int32(position + 1), number)
      case .text:
        statement.bind(
          Int32(position + 1),
          UnsafeRawBufferPointer(rebasing: texts.store.bytes[start..<ends[next]]))
        start = ends[next]
        next += 1
      }
    }
  }

  private static func check(_ database: Database, _ file: RecordFile) throws(DSXError) {
    func fault(_ message: String) -> DSXError {
      DSXError(.corrupt, message, file: database.path, hint: hint)
    }
    // A view or a virtual table of that name could compute anything, without end.
    let tables = try database.prepare(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0 "
        + "AND name IN ('INDEXES', 'SHARD_NAME') ORDER BY name")
    for name in ["INDEXES", "SHARD_NAME"] {
      guard try tables.step(), let found = tables.text(0), found.elementsEqual(name.utf8) else {
        throw fault("the index has no plain table \(name)")
      }
    }
    let names = try database.prepare("SELECT NAME FROM SHARD_NAME")
    let own = FilePath.split(file.path).name
    guard try names.step(), let name = names.text(0), name.elementsEqual(own.utf8) else {
      throw fault("the index belongs to another data file, not to '\(own)'")
    }
    let counts = try database.prepare(
      "SELECT count(*), count(DISTINCT ROW_ID), min(ROW_ID), max(ROW_ID) FROM INDEXES")
    guard try counts.step(), counts.integer(0) == Int64(file.rows),
      counts.integer(1) == Int64(file.rows),
      file.rows == 0 || (counts.integer(2) == 0 && counts.integer(3) == Int64(file.rows - 1))
    else {
      throw fault(
        "the index does not hold each of the \(file.rows) rows of the data file once")
    }
    // Where there are checksums, nothing in the index can have changed.
    try IndexSeal.check(database, of: file)
  }

  /// The next rows of the file, in ascending order, at most `limit`; empty at the end.
  mutating func next(limit: Int) throws(DSXError) -> [Int] {
    var found: [Int] = []
    while found.count < limit, !isAtEnd {
      guard try rows.step() else {
        isAtEnd = true
        break
      }
      guard let row = rows.integer(0), row > Int64(last), row < Int64(file.rows) else {
        throw DSXError(
          .corrupt, "the index names a row that the data file does not have", file: path,
          hint: Self.hint)
      }
      last = Int(row)
      found.append(last)
    }
    return found
  }
}
