public import DSXCore
internal import Glibc

/// The history of runs: a SQLite file, `reports/history.db`.
///
/// Safety: a rollback journal, never a write-ahead log, because the latter needs memory that all users
/// share and so breaks on network file systems; `synchronous=EXTRA`; one transaction a run. A writer
/// that is killed or meets a full disk leaves the runs before it; the next one to open the file rolls
/// its half-written pages back. One writer at a time (`HistoryLock`), readers never wait for long.
///
/// Single-owner: one for each thread.
public final class RunHistory {
  /// The file.
  public let path: String
  /// The folder that the runs' folders are relative to.
  public var folder: String { FilePath.split(path).folder }
  let connection: HistoryConnection
  private let lock: HistoryLock?

  /// Where the history of a reports folder lies.
  public static func path(in reports: String) -> String { FilePath.join(reports, "history.db") }

  private init(path: String, connection: HistoryConnection, lock: HistoryLock?) {
    self.path = path
    self.connection = connection
    self.lock = lock
  }

  /// Opens the history for writing and brings it to the newest version; makes it when it is not there.
  ///
  /// Throws `outputExists` while another process writes for longer than `wait` seconds, `unsupported`
  /// for a newer or a foreign file, `corrupt` for a damaged one.
  public static func writing(_ path: String, wait: Double = 10) throws(DSXError) -> RunHistory {
    try FilePath.makeFolder(FilePath.split(path).folder)
    let lock = try HistoryLock(path, seconds: wait)
    let wasKilled = FilePath.exists(path + "-journal")
    let connection = try HistoryConnection(path: path, .write)
    let mode = try connection.text("PRAGMA journal_mode=DELETE")
    guard mode == "delete" else {
      throw DSXError(
        .outputExists, "the history is held open by another program", file: path,
        hint: "wait for it to end", underlying: "journal mode " + (mode ?? "unknown"))
    }
    try connection.run("PRAGMA synchronous=EXTRA")
    try HistorySchema.migrate(connection)
    let history = RunHistory(path: path, connection: connection, lock: lock)
    if wasKilled { try history.check() }
    return history
  }

  /// Opens the history for reading; nil when there is none yet.
  public static func reading(_ path: String) throws(DSXError) -> RunHistory? {
    guard FilePath.exists(path), FilePath.size(path) ?? 0 > 0 else { return nil }
    let connection = try HistoryConnection(path: path, .read)
    let version = try HistorySchema.check(connection)
    if version > 0, version < HistorySchema.migrations.count {
      // An older file is brought up by a writer; a reader waits for it as everybody does.
      return try writing(path)
    }
    guard version > 0 else { return nil }
    return RunHistory(path: path, connection: connection, lock: nil)
  }

  /// The history of a version that is past, for tests.
  static func make(_ path: String, version: Int) throws(DSXError) {
    let connection = try HistoryConnection(path: path, .write)
    try HistorySchema.migrate(connection, upTo: version)
    try connection.close()
  }

  /// Closes the file now; a failure to write shows here at the latest.
  public func close() throws(DSXError) { try connection.close() }

  /// Checks the whole file: pages, indices and references. Throws `corrupt` with the first findings.
  public func check() throws(DSXError) {
    var findings: [String] = []
    try connection.each("PRAGMA integrity_check(20)") { (row) throws(DSXError) in
      if let text = row.text(0), text != "ok" { findings.append(text) }
    }
    try connection.each("PRAGMA foreign_key_check") { (row) throws(DSXError) in
      guard findings.count < 20 else { return }
      findings.append("a row of \(row.text(0) ?? "?") belongs to nothing")
    }
    guard findings.isEmpty else {
      throw DSXError(
        .corrupt, "the history is damaged", file: path,
        hint: "move it away; dsx runs add makes a new one from the run folders",
        underlying: findings.prefix(3).joined(separator: "; "))
    }
  }
}
