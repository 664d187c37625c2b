internal import DSXCore

/// The tables of the history and how older ones become them.
///
/// | table | a row is |
/// |---|---|
/// | runs | one run of a recipe (a night) or of `dsx eval` |
/// | models, datasets | one fingerprint of a model or data set, shared by all runs |
/// | cells | one model on one data set in one run |
/// | results | one metric of a cell |
/// | examples | one example of a cell: its id, hashes of input and prediction |
/// | scores | one example's score and statistics of one metric |
/// | gates | one gate of a run |
/// | artifacts | one file of a run's folder, with its SHA-256 |
enum HistorySchema {
  /// "dsxh": tells a history from other SQLite files.
  static let application = 0x6473_7868

  /// What brings version i to version i + 1. Only ever append.
  static let migrations = [
    """
    CREATE TABLE runs(
      run INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, recipe TEXT NOT NULL, recipe_hash TEXT,
      started TEXT NOT NULL, seconds REAL, tool TEXT NOT NULL, verdict TEXT NOT NULL,
      headline TEXT NOT NULL, exit_code INTEGER NOT NULL, baseline TEXT, identity TEXT NOT NULL,
      folder TEXT, host TEXT);
    CREATE TABLE models(
      model INTEGER PRIMARY KEY, name TEXT NOT NULL, fingerprint TEXT NOT NULL,
      UNIQUE(name, fingerprint));
    CREATE TABLE datasets(
      dataset INTEGER PRIMARY KEY, name TEXT NOT NULL, version TEXT NOT NULL,
      subset TEXT NOT NULL, split TEXT NOT NULL, fingerprint TEXT NOT NULL,
      UNIQUE(name, version, subset, split, fingerprint));
    CREATE TABLE cells(
      cell INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
      key TEXT NOT NULL, model INTEGER NOT NULL REFERENCES models,
      dataset INTEGER NOT NULL REFERENCES datasets, task TEXT NOT NULL, identity TEXT NOT NULL,
      status TEXT NOT NULL, requested INTEGER, succeeded INTEGER, failed INTEGER,
      skipped INTEGER, seconds REAL, folder TEXT, UNIQUE(run, key));
    CREATE INDEX cells_identity ON cells(identity);
    CREATE TABLE results(
      result INTEGER PRIMARY KEY, cell INTEGER NOT NULL REFERENCES cells ON DELETE CASCADE,
      place INTEGER NOT NULL, metric TEXT NOT NULL, value REAL, se REAL, low REAL, high REAL,
      n INTEGER, unit TEXT NOT NULL, higher_is_better INTEGER NOT NULL, signature TEXT NOT NULL,
      head TEXT, UNIQUE(cell, metric));
    CREATE TABLE examples(
      cell INTEGER NOT NULL REFERENCES cells ON DELETE CASCADE, row INTEGER NOT NULL,
      id TEXT NOT NULL, cluster TEXT, slice TEXT, input_hash TEXT, prediction_hash TEXT,
      PRIMARY KEY(cell, row)) WITHOUT ROWID;
    CREATE TABLE scores(
      result INTEGER NOT NULL REFERENCES results ON DELETE CASCADE, row INTEGER NOT NULL,
      score REAL, statistics TEXT NOT NULL, PRIMARY KEY(result, row)) WITHOUT ROWID;
    """,
    """
    CREATE TABLE gates(
      gate INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
      place INTEGER NOT NULL, cell TEXT NOT NULL, model TEXT NOT NULL, dataset TEXT NOT NULL,
      metric TEXT NOT NULL, outcome TEXT NOT NULL, passed INTEGER NOT NULL,
      required INTEGER NOT NULL, test TEXT, examples INTEGER, units INTEGER, baseline REAL,
      value REAL, difference REAL, low REAL, high REAL, se REAL, p REAL, p_adjusted REAL,
      detectable REAL, gains INTEGER, losses INTEGER, variance REAL, size REAL,
      resampled INTEGER, reason TEXT NOT NULL);
    CREATE INDEX gates_run ON gates(run);
    CREATE TABLE artifacts(
      run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, path TEXT NOT NULL,
      bytes INTEGER NOT NULL, sha256 TEXT NOT NULL, PRIMARY KEY(run, path)) WITHOUT ROWID;
    CREATE INDEX runs_recipe ON runs(recipe, started);
    """,
  ]

  /// Brings a database to the newest version, in one transaction. A newer one, or a file of another
  /// program, is refused.
  static func migrate(_ connection: HistoryConnection, upTo last: Int? = nil) throws(DSXError) {
    let version = try check(connection)
    let wanted = last ?? migrations.count
    guard version < wanted else { return }
    try connection.transaction { () throws(DSXError) in
      for migration in migrations[version..<wanted] { try connection.run(migration) }
      try connection.run(
        "PRAGMA application_id=\(application); PRAGMA user_version=\(wanted)")
    }
  }

  /// The version of the tables that are there; 0 in a new file.
  static func check(_ connection: HistoryConnection) throws(DSXError) -> Int {
    let version = try connection.number("PRAGMA user_version") ?? 0
    let owner = try connection.number("PRAGMA application_id") ?? 0
    let isEmpty = try connection.number("SELECT count(*) FROM sqlite_schema") == 0
    guard owner == application || (isEmpty && owner == 0 && version == 0) else {
      throw DSXError(
        .unsupported, "the file is a database of another program, not a history of dsx",
        file: connection.path)
    }
    guard version <= migrations.count else {
      throw DSXError(
        .unsupported,
        "the history has version \(version), this program knows up to \(migrations.count)",
        file: connection.path, hint: "use a newer dsx")
    }
    return version
  }
}
