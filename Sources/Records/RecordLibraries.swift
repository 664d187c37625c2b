internal import CSQLite
public import DSXCore

/// The library that indices of records, and the history of runs, are kept with.
public enum RecordLibraries {
  /// SQLite; one without locks of its own cannot be used, since dsx opens it from several threads.
  public static var linked: [LinkedLibrary] {
    [
      LinkedLibrary(
        "sqlite", running: sqlite3_libversion().map { String(cString: $0) }, built: SQLITE_VERSION,
        problem: sqlite3_threadsafe() == 0 ? "it was built without threads" : nil)
    ]
  }
}
