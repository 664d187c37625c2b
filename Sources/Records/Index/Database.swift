internal import CSQLite
internal import DSXCore
internal import Glibc

/// A SQLite connection with one owner.
final class Database {
  let path: String
  private let mode: Mode
  private var handle: OpaquePointer?

  enum Mode {
    case create
    case readOnly
    /// As read-only as SQLite can be made: for conditions that users write.
    case query
  }

  init(path: String, _ mode: Mode) throws(DSXError) {
    self.path = path
    self.mode = mode
    let flags =
      switch mode {
      case .create: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
      case .readOnly: SQLITE_OPEN_READONLY
      case .query: SQLITE_OPEN_READONLY | SQLITE_OPEN_URI
      }
    let name = mode == .query ? Self.address(path) : path
    guard sqlite3_open_v2(name, &handle, flags | SQLITE_OPEN_NOMUTEX, nil) == SQLITE_OK else {
      let error = fault("cannot open the index")
      sqlite3_close(handle)
      handle = nil
      throw error
    }
    guard mode == .query else { return }
    dsx_sqlite_defend(handle)
    try run("PRAGMA query_only=ON; PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON")
  }

  /// A URI for a path: nothing is locked, and a journal beside the file is not looked at.
  private static func address(_ path: String) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var text = Array((path.utf8.first == UInt8(ascii: "/") ? "file://" : "file:").utf8)
    for byte in path.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "-"),
        UInt8(ascii: "_"), UInt8(ascii: "."):
        text.append(byte)
      default: text += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: text, as: UTF8.self) + "?mode=ro&immutable=1"
  }

  deinit { sqlite3_close_v2(handle) }

  /// Closes now; a failure to write shows here at the latest.
  func close() throws(DSXError) {
    guard sqlite3_close(handle) == SQLITE_OK else { throw fault("cannot close the index") }
    handle = nil
  }

  /// Runs statements without parameters and results.
  func run(_ sql: String) throws(DSXError) {
    guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else {
      throw fault("cannot use the index")
    }
  }

  func prepare(_ sql: String) throws(DSXError) -> Statement {
    var statement: OpaquePointer?
    guard sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK, let statement else {
      throw fault("cannot use the index")
    }
    return Statement(statement, self)
  }

  func fault(_ message: String) -> DSXError {
    let code = handle.map { sqlite3_errcode($0) } ?? SQLITE_NOMEM
    let words = handle.map { String(cString: sqlite3_errmsg($0)) }
    let isFull = code & 0xff == SQLITE_FULL || sqlite3_system_errno(handle) == ENOSPC
    let isSystem = [SQLITE_IOERR, SQLITE_FULL, SQLITE_CANTOPEN, SQLITE_READONLY, SQLITE_NOMEM]
      .contains(code & 0xff)
    // A file that cannot be made is tried again as one to read, and why it could not be is lost.
    let mayBeFull = isFull || mode == .create && code & 0xff == SQLITE_CANTOPEN
    return DSXError(
      isSystem ? .io : .corrupt, message, file: path,
      hint: isFull ? "free some space on that disk, then run the same command again" : nil,
      underlying: mayBeFull
        ? (words ?? "no space") + ": " + DSXError.space(at: path, needs: nil) : words)
  }
}

/// A prepared statement. Text columns are valid until the next step.
final class Statement {
  private var handle: OpaquePointer?
  private let database: Database

  init(_ handle: OpaquePointer, _ database: Database) {
    self.handle = handle
    self.database = database
  }

  deinit { sqlite3_finalize(handle) }

  /// Frees the statement now: a connection closes only when it has none left.
  func end() {
    sqlite3_finalize(handle)
    handle = nil
  }

  func bind(_ position: Int32, _ value: Int64) { sqlite3_bind_int64(handle, position, value) }
  func bind(_ position: Int32, _ value: Double) { sqlite3_bind_double(handle, position, value) }
  func bindNull(_ position: Int32) { sqlite3_bind_null(handle, position) }
  /// Binds text that lives until the step is done.
  func bind(_ position: Int32, _ text: UnsafeRawBufferPointer) {
    guard let base = text.baseAddress, text.count > 0 else {
      sqlite3_bind_text(handle, position, "", 0, nil)
      return
    }
    sqlite3_bind_text(
      handle, position, base.assumingMemoryBound(to: CChar.self), Int32(text.count), nil)
  }

  /// One step: true when there is a row.
  func step() throws(DSXError) -> Bool {
    switch sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    default: throw database.fault("cannot use the index")
    }
  }

  /// Runs an insertion and makes the statement ready for the next.
  func insert() throws(DSXError) {
    _ = try step()
    sqlite3_reset(handle)
  }

  var columns: Int { Int(sqlite3_column_count(handle)) }
  func type(_ column: Int) -> Int32 { sqlite3_column_type(handle, Int32(column)) }
  /// The integer in a column; nil when it holds another type.
  func integer(_ column: Int) -> Int64? {
    type(column) == SQLITE_INTEGER ? sqlite3_column_int64(handle, Int32(column)) : nil
  }
  /// The number in a column; nil when it holds another type.
  func double(_ column: Int) -> Double? {
    switch type(column) {
    case SQLITE_INTEGER, SQLITE_FLOAT: sqlite3_column_double(handle, Int32(column))
    default: nil
    }
  }
  /// The text in a column; nil when it holds another type.
  func text(_ column: Int) -> UnsafeRawBufferPointer? {
    guard type(column) == SQLITE_TEXT else { return nil }
    let start = sqlite3_column_text(handle, Int32(column))
    let count = Int(sqlite3_column_bytes(handle, Int32(column)))
    return UnsafeRawBufferPointer(start: start, count: count)
  }
}
