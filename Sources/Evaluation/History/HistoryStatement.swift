internal import CSQLite
internal import DSXCore

/// A prepared statement.
final class HistoryStatement {
  private var handle: OpaquePointer?
  private let connection: HistoryConnection

  init(_ handle: OpaquePointer, _ connection: HistoryConnection) {
    self.handle = handle
    self.connection = connection
  }

  deinit { sqlite3_finalize(handle) }

  /// SQLITE_TRANSIENT: SQLite copies the text.
  private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

  func bind(_ values: [HistoryValue]) {
    for (index, value) in values.enumerated() {
      let place = Int32(index + 1)
      switch value {
      case .integer(let number): sqlite3_bind_int64(handle, place, Int64(number))
      case .number(let number): sqlite3_bind_double(handle, place, number)
      case .text(let text):
        sqlite3_bind_text(handle, place, text, Int32(clamping: text.utf8.count), Self.copied)
      case .null: sqlite3_bind_null(handle, place)
      }
    }
  }

  /// One step: true when there is a row.
  func step() throws(DSXError) -> Bool {
    switch sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    default: throw connection.fault("cannot use the history")
    }
  }

  /// Runs an insertion and makes the statement ready for the next.
  func insert(_ values: [HistoryValue]) throws(DSXError) {
    bind(values)
    _ = try step()
    sqlite3_reset(handle)
  }

  func integer(_ column: Int) -> Int? {
    sqlite3_column_type(handle, Int32(column)) == SQLITE_INTEGER
      ? Int(sqlite3_column_int64(handle, Int32(column))) : nil
  }
  func number(_ column: Int) -> Double? {
    switch sqlite3_column_type(handle, Int32(column)) {
    case SQLITE_INTEGER, SQLITE_FLOAT: sqlite3_column_double(handle, Int32(column))
    default: nil
    }
  }
  func text(_ column: Int) -> String? {
    guard sqlite3_column_type(handle, Int32(column)) == SQLITE_TEXT,
      let start = sqlite3_column_text(handle, Int32(column))
    else { return nil }
    let count = Int(sqlite3_column_bytes(handle, Int32(column)))
    return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
  }
  func flag(_ column: Int) -> Bool { integer(column).map { $0 != 0 } ?? false }
}
