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
    var definitions = IndexFile.definitions(file.header.plan)
    let master = try database.prepare("SELECT name, tbl_name, sql FROM sqlite_master")
    while try master.step() {
      guard let name = master.text(0), let table = master.text(1), name.elementsEqual(table),
        let position = definitions.firstIndex(where: { $0.name.utf8.elementsEqual(name) }),
        let sql = master.text(2), sql.elementsEqual(definitions[position].sql.utf8)
      else { continue }
      definitions.remove(at: position)
    }
    for (name, _) in definitions {
      faults.append(
        fault(nil, .corrupt, "the index defines the table \(name) in another way than its writer"))
    }
    let zeros = file.header.plan.index.indices.map { "INC_\($0) IS NOT 0" }
    guard !zeros.isEmpty, definitions.isEmpty else { return faults }
    let odd = try database.prepare(
      "SELECT COUNT(*) FROM INDEXES NOT INDEXED WHERE \(zeros.joined(separator: " OR "))")
    if try odd.step(), let count = odd.integer(0), count > 0 {
      faults.append(
        fault(nil, .corrupt, "\(count) rows of the index have another INC number than 0"))
    }
    return faults
  }
}

extension IndexFile {
  /// The statements that make the tables of an index with checksums.
  static func definitions(_ plan: RecordPlan) -> [(name: String, sql: String)] {
    [
      ("INDEXES", schema(plan)), ("SHARD_NAME", naming),
      (IndexSeal.table, IndexSeal.definition),
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
