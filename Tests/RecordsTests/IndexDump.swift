import DSXCore

@testable import Records

/// Everything that a `.db` holds, as lines.
enum IndexDump {
  static func lines(_ path: String) throws -> [String] {
    let database = try Database(path: path, .readOnly)
    let master = try database.prepare("SELECT type, name, sql FROM sqlite_master ORDER BY rowid")
    var lines: [String] = []
    var tables: [String] = []
    while try master.step() {
      lines.append(text(master))
      if master.text(0)?.elementsEqual("table".utf8) ?? false, let name = master.text(1) {
        tables.append(String(decoding: name, as: UTF8.self))
      }
    }
    for table in tables {
      let rows = try database.prepare("SELECT * FROM \(table)")
      while try rows.step() { lines.append(table + ": " + text(rows)) }
    }
    return lines
  }

  private static func text(_ row: Statement) -> String {
    (0..<row.columns).map { column in
      if let value = row.integer(column) { return "i\(value)" }
      if let text = row.text(column) { return "t" + String(decoding: text, as: UTF8.self) }
      if let value = row.double(column) { return "d\(value.bitPattern)" }
      return "null"
    }.joined(separator: "|")
  }
}
