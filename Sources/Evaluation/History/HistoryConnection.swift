internal import CSQLite
internal import DSXCore
internal import Glibc

/// A SQLite connection of the history, with one owner.
final class HistoryConnection {
  let path: String
  private var handle: OpaquePointer?

  enum Mode {
    case write
    case read
  }

  init(path: String, _ mode: Mode) throws(DSXError) {
    self.path = path
    // A reader too must be able to roll back what a killed writer left; it is kept from writing by
    // query_only. Only where the folder cannot be written does it open read-only.
    let isWritable = access(FilePath.split(path).folder, W_OK) == 0 && access(path, W_OK) == 0
    let flags =
      switch mode {
      case .write: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
      case .read: isWritable ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY
      }
    guard sqlite3_open_v2(path, &handle, flags | SQLITE_OPEN_NOMUTEX, nil) == SQLITE_OK else {
      let error = fault("cannot open the history")
      sqlite3_close(handle)
      handle = nil
      throw error
    }
    sqlite3_busy_timeout(handle, 10_000)
    dsx_sqlite_defend(handle)
    try run("PRAGMA trusted_schema=OFF; PRAGMA foreign_keys=ON; PRAGMA cell_size_check=ON")
    if mode == .read { try run("PRAGMA query_only=ON") }
  }

  deinit { sqlite3_close_v2(handle) }

  /// Closes now; a failure to write shows here at the latest.
  func close() throws(DSXError) {
    guard sqlite3_close(handle) == SQLITE_OK else { throw fault("cannot close the history") }
    handle = nil
  }

  /// Runs statements without parameters and results.
  func run(_ sql: String) throws(DSXError) {
    guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else {
      throw fault("cannot use the history")
    }
  }

  /// Everything or nothing of `body` is written.
  func transaction<Result>(_ body: () throws(DSXError) -> Result) throws(DSXError) -> Result {
    try run("BEGIN IMMEDIATE")
    do throws(DSXError) {
      let result = try body()
      try run("COMMIT")
      return result
    } catch {
      try? run("ROLLBACK")
      throw error
    }
  }

  func prepare(_ sql: String) throws(DSXError) -> HistoryStatement {
    var statement: OpaquePointer?
    guard sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK, let statement else {
      throw fault("cannot use the history")
    }
    return HistoryStatement(statement, self)
  }

  /// Runs one statement with values and hands each row to `row`.
  func each(
    _ sql: String, _ values: [HistoryValue] = [],
    _ row: (HistoryStatement) throws(DSXError) -> Void
  ) throws(DSXError) {
    let statement = try prepare(sql)
    statement.bind(values)
    while try statement.step() { try row(statement) }
  }

  /// Runs one statement with values that gives no rows.
  func change(_ sql: String, _ values: [HistoryValue]) throws(DSXError) {
    try each(sql, values) { (_) throws(DSXError) in }
  }

  /// The single number that a statement gives; nil without a row.
  func number(_ sql: String, _ values: [HistoryValue] = []) throws(DSXError) -> Int? {
    var found: Int?
    try each(sql, values) { (row) throws(DSXError) in
      if found == nil { found = row.integer(0) }
    }
    return found
  }

  /// The single text that a statement gives; nil without a row.
  func text(_ sql: String, _ values: [HistoryValue] = []) throws(DSXError) -> String? {
    var found: String?
    try each(sql, values) { (row) throws(DSXError) in if found == nil { found = row.text(0) } }
    return found
  }

  /// The key of the row that was inserted last.
  var lastRow: Int { Int(sqlite3_last_insert_rowid(handle)) }

  func fault(_ message: String) -> DSXError {
    let code = handle.map { sqlite3_errcode($0) } ?? SQLITE_NOMEM
    let words = handle.map { String(cString: sqlite3_errmsg($0)) }
    let isFull = code & 0xff == SQLITE_FULL || sqlite3_system_errno(handle) == ENOSPC
    switch isFull ? SQLITE_FULL : code & 0xff {
    case SQLITE_BUSY, SQLITE_LOCKED:
      return DSXError(
        .outputExists, "another program is using the history", file: path,
        hint: "wait for it to end", underlying: words)
    case SQLITE_FULL:
      return DSXError(
        .io, message, file: path,
        hint:
          "free some space on that disk, then run the same command again; earlier runs are safe",
        underlying: (words ?? "no space") + ": " + DSXError.space(at: path, needs: nil))
    case SQLITE_CANTOPEN:
      // A file that cannot be made is tried again as one to read, and why it could not be is lost.
      return DSXError(
        .io, message, file: path,
        underlying: (words ?? "no file") + ": " + DSXError.space(at: path, needs: nil))
    case SQLITE_IOERR, SQLITE_READONLY, SQLITE_NOMEM, SQLITE_PERM:
      return DSXError(.io, message, file: path, underlying: words)
    default:
      return DSXError(
        .corrupt, message, file: path,
        hint: "dsx runs check tells what is wrong; dsx runs add makes a history from run folders",
        underlying: words)
    }
  }
}
