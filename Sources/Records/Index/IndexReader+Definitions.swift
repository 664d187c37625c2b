internal import DSXCore

/// What our writer always leaves in an index, and the sums of the rows do not cover.
extension IndexReader {
  /// Checks SQLite's own structures, the definitions of the tables and the columns that are always 0. Tables
  /// and indexes that someone added are no fault.
  func checkDefinitions() throws(DSXError) -> [DSXError] {
    var faults: [DSXError] = []
    let whole = try database.prepare("PRAGMA integrity_check(1)")
    if try whole.step(), let words = whole.text(0), !words.elementsEqual("ok".utf8) {
      var error = fault(nil, .corrupt, "the index is damaged")
      error.underlying = String(decoding: words, as: UTF8.self)
      faults.append(error)
    }
    var written: [IndexFile.Definition] = []
    let master = try database.prepare(
      "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY rowid")
    let definitions = IndexFile.definitions(file.header.plan)
    while try master.step() {
      let found = IndexFile.Definition(
        type: Self.string(master.text(0)), name: Self.string(master.text(1)),
        table: Self.string(master.text(2)), sql: Self.string(master.text(3)))
      // Tables of others have other names, and a statement that made them.
      let isOurs = found.sql == nil || definitions.contains { $0.name == found.name }
      if isOurs { written.append(found) }
    }
    for (position, wanted) in definitions.enumerated()
    where position >= written.count || written[position] != wanted {
      faults.append(
        fault(
          nil, .corrupt, "the index defines \(wanted.name ?? "") in another way than its writer"))
    }
    if written.count > definitions.count {
      faults.append(fault(nil, .corrupt, "the index has a table without a definition"))
    }
    let zeros = file.header.plan.index.indices.map { "INC_\($0) IS NOT 0" }
    guard !zeros.isEmpty, written == definitions else { return faults }
    let odd = try database.prepare(
      "SELECT COUNT(*) FROM INDEXES NOT INDEXED WHERE \(zeros.joined(separator: " OR "))")
    if try odd.step(), let count = odd.integer(0), count > 0 {
      faults.append(
        fault(nil, .corrupt, "\(count) rows of the index have another INC number than 0"))
    }
    return faults
  }

  private static func string(_ text: UnsafeRawBufferPointer?) -> String? {
    text.map { String(decoding: $0, as: UTF8.self) }
  }
}

extension IndexFile {
  /// A row of SQLite's own table of definitions.
  struct Definition: Equatable {
    var type: String?
    var name: String?
    var table: String?
    var sql: String?
  }

  /// The tables of an index with checksums, and the index that SQLite makes of a primary key, in the order
  /// in which they are made.
  static func definitions(_ plan: RecordPlan) -> [Definition] {
    func table(_ name: String, _ sql: String) -> Definition {
      Definition(type: "table", name: name, table: name, sql: sql)
    }
    return [
      table("INDEXES", schema(plan)),
      Definition(type: "index", name: "sqlite_autoindex_INDEXES_1", table: "INDEXES", sql: nil),
      table("SHARD_NAME", naming), table(IndexSeal.table, IndexSeal.definition),
    ]
  }

  /// The statement that makes SHARD_NAME.
  static var naming: String { "CREATE TABLE SHARD_NAME(NAME TEXT NOT NULL)" }
}

extension IndexSeal {
  /// The statement that makes DSX_META.
  static var definition: String {
    "CREATE TABLE \(table)(NAME TEXT NOT NULL, VALUE TEXT NOT NULL)"
  }
}
