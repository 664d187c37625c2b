import DSXCore
import Foundation

@testable import Records

/// `golden/mindrecord`: files that MindSpore 2.10.0 wrote (`sets`), files that it reads (`synthetic`),
/// damaged files (`bad`).
enum MindRecordGolden {
  static func walk(_ run: GoldenRun) throws {
    for kind in ["sets", "synthetic"] where FilePath.exists(run.path(kind)) {
      for name in try FilePath.list(run.path(kind)) {
        let expected = try run.json("\(kind)/\(name)/expected.json")
        let folder = run.path("\(kind)/\(name)")
        run.check("\(kind)-read", name) { try read(expected, folder) }
        if kind == "sets" {
          if isReproducible(expected) {
            run.check("sets-written", name) { try rewrite(expected, folder) }
          } else {
            // MindSpore put the remainder of a call on random shards: only our own way can be shown.
            run.check("sets-rows-written", name) { try rewriteRows(expected, folder) }
          }
        }
      }
    }
    guard FilePath.exists(run.path("bad/manifest.json")) else { return }
    for entry in try run.json("bad/manifest.json").array ?? [] {
      let name = entry["dir"]?.string ?? ""
      run.check("bad", name) { try verify(entry, run.path("bad/" + name)) }
    }
  }

  private static func files(_ expected: JSONValue, _ folder: String) throws -> [String] {
    if let names = expected["files"]?.array?.compactMap(\.string) {
      return names.map { FilePath.join(folder, $0) }
    }
    return try FilePath.list(folder).filter { $0 != "expected.json" && !$0.hasSuffix(".db") }
      .map { FilePath.join(folder, $0) }
  }

  /// The rows of a set as parsed JSON lines.
  private static func lines(_ reader: RecordReader) throws -> [JSONValue] {
    var cursor = reader.cursor(batchRows: 7)
    let lines = RowLines(cursor.schema)
    var found: [JSONValue] = []
    while let batch = try cursor.next() {
      for row in 0..<batch.rows {
        var bytes: [UInt8] = []
        try lines.append(batch, row: row, into: &bytes)
        found.append(try JSONParser.parse(bytes))
      }
    }
    return found
  }

  private static func difference(_ ours: [JSONValue], _ theirs: [JSONValue]) -> String? {
    guard ours.count == theirs.count else { return "\(ours.count) rows, not \(theirs.count)" }
    for (row, pair) in zip(ours, theirs).enumerated() where pair.0 != normal(pair.1) {
      return "row \(row): \(pair.0.text().prefix(300)) instead of \(pair.1.text().prefix(300))"
    }
    return nil
  }

  /// Python writes some whole floats without a fraction inside of float fields' data; members are sorted.
  private static func normal(_ value: JSONValue) -> JSONValue {
    switch value {
    case .array(let values): return .array(values.map(normal))
    case .object(let members):
      return .object(members.map { JSONValue.Member($0.name, normal($0.value)) })
    default: return value
    }
  }

  private static func read(_ expected: JSONValue, _ folder: String) throws -> String? {
    let files = try files(expected, folder)
    let rows = expected["rows"]?.array ?? []
    let reader = try RecordReader(path: files[files.count / 2])
    if let wrong = difference(try lines(reader), rows) { return wrong }
    let listed = try RecordReader(files: files)
    if let wrong = difference(try lines(listed), rows) { return "by list: " + wrong }
    let findings = try RecordVerifier.verify(path: files[0])
    if !findings.isEmpty { return "verify says \(findings)" }
    // The same without the index files.
    let bare = try TemporaryFolder()
    for file in files {
      let name = FilePath.split(file).name
      try FileManager.default.copyItem(atPath: file, toPath: bare.path(name))
    }
    let without = try RecordReader(path: bare.path(FilePath.split(files[0]).name))
    if let wrong = difference(try lines(without), rows) { return "without index: " + wrong }
    return nil
  }

  /// Whether MindSpore's assignment of rows to shards can be repeated.
  private static func isReproducible(_ expected: JSONValue) -> Bool {
    let shards = expected["shards"]?.int ?? 1
    return (expected["batches"]?.array ?? []).allSatisfy { ($0.int ?? 0) % shards == 0 }
  }

  private static func schema(_ expected: JSONValue) -> RecordSchema {
    let fields = (expected["schema"]?.object ?? []).map { member in
      Field(
        member.name, FieldType(rawValue: member.value["type"]?.string ?? "") ?? .bytes,
        shape: member.value["shape"]?.array?.compactMap(\.int))
    }
    return RecordSchema(
      Schema(fields), description: expected["desc"]?.string ?? "",
      indexFields: expected["index_fields"]?.array?.compactMap(\.string) ?? [])
  }

  private static func options(_ expected: JSONValue) -> RecordWriterOptions {
    var options = RecordWriterOptions()
    options.shards = expected["shards"]?.int ?? 1
    options.headerSize = expected["header_size"]?.int
    options.pageSize = expected["page_size"]?.int
    options.mindSporeExact = true
    return options
  }

  /// Rows of expected.json as a batch.
  static func batch(_ rows: ArraySlice<JSONValue>, _ schema: Schema) -> Batch {
    let columns = schema.fields.map { field -> Column in
      let values = rows.map { $0[field.name] ?? .null }
      if field.shape == nil {
        switch field.type {
        case .int32: return Column(.int32(values.map { Int32($0.int ?? 0) }))
        case .int64: return Column(.int64(values.map { Int64($0.int ?? 0) }))
        case .float32, .float64: return Column(.float64(values.map(number)))
        case .string: return Column(strings: values.map { $0.string ?? "" })
        case .bytes:
          let parts = values.map { Data(base64Encoded: $0["base64"]?.string ?? "") ?? Data() }
          return Column(.bytes(parts.flatMap(Array.init)), offsets: offsets(parts.map(\.count)))
        }
      }
      let data = values.map { $0["data"]?.array ?? [] }
      let ends = offsets(data.map(\.count))
      switch field.type {
      case .int32: return Column(.int32(data.joined().map { Int32($0.int ?? 0) }), offsets: ends)
      case .int64: return Column(.int64(data.joined().map { Int64($0.int ?? 0) }), offsets: ends)
      case .float32:
        return Column(.float32(data.joined().map { Float(number($0)) }), offsets: ends)
      default: return Column(.float64(data.joined().map(number)), offsets: ends)
      }
    }
    return Batch(schema: schema, columns: columns)
  }

  private static func number(_ value: JSONValue) -> Double {
    switch value.string {
    case "NaN": .nan
    case "Infinity": .infinity
    case "-Infinity": -.infinity
    default: value.double ?? 0
    }
  }

  private static func offsets(_ counts: [Int]) -> [Int] {
    counts.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
  }

  /// Writes a set anew with the same calls: data files byte-identical, SQLite dumps equal.
  private static func rewrite(_ expected: JSONValue, _ folder: String) throws -> String? {
    let place = try TemporaryFolder()
    let name = expected["name"]?.string ?? "x"
    let schema = schema(expected)
    let files = try files(expected, folder)
    // Rows are listed shard by shard; calls divide evenly, so each call takes a slice of every shard.
    let rows = expected["rows"]?.array ?? []
    let shards = files.count
    let perShard = shards > 0 ? rows.count / shards : 0
    var at = 0
    func call(_ count: Int) -> Batch {
      let share = count / shards
      defer { at += share }
      let parts = (0..<shards).map { shard in
        rows[(shard * perShard + at)..<(shard * perShard + at + share)]
      }
      return batch(Array(parts.joined())[...], schema.schema)
    }
    var writer = try RecordWriter(
      path: place.path(name + ".mindrecord"), schema: schema, options: options(expected))
    for count in (expected["batches"]?.array ?? []).compactMap(\.int) {
      try writer.append(call(count))
    }
    var summary = try writer.finish()
    // Each of these calls was an `open_for_append` of its own.
    for count in (expected["appended_batches"]?.array ?? []).compactMap(\.int) {
      var more = try RecordWriter.appending(to: summary.files[0])
      try more.append(call(count))
      summary = try more.finish()
    }
    guard summary.rows == rows.count else { return "\(summary.rows) rows were written" }
    for (ours, theirs) in zip(summary.files, files) {
      if let wrong = try fileDifference(ours, theirs) { return wrong }
      let (dump, wanted) = (try dump(ours + ".db"), try dump(theirs + ".db"))
      if let wrong = GoldenRun.difference(dump, wanted) { return "\(theirs).db: \(wrong)" }
    }
    return nil
  }

  /// nil when two data files are equal byte by byte.
  private static func fileDifference(_ ours: String, _ theirs: String) throws -> String? {
    let left = Array(try Data(contentsOf: URL(fileURLWithPath: ours)))
    let right = Array(try Data(contentsOf: URL(fileURLWithPath: theirs)))
    if left == right { return nil }
    let at = zip(left, right).enumerated().first { $0.element.0 != $0.element.1 }?.offset
    return "\(theirs): byte \(at ?? min(left.count, right.count)) differs"
  }

  /// Writes a set's rows in the default way and reads them back.
  private static func rewriteRows(_ expected: JSONValue, _ folder: String) throws -> String? {
    let place = try TemporaryFolder()
    let schema = schema(expected)
    let rows = expected["rows"]?.array ?? []
    var options = options(expected)
    options.mindSporeExact = false
    var writer = try RecordWriter(path: place.path("x"), schema: schema, options: options)
    try writer.append(batch(rows[...], schema.schema))
    let summary = try writer.finish()
    let findings = try RecordVerifier.verify(path: summary.files[0])
    if !findings.isEmpty { return "verify says \(findings)" }
    return difference(try lines(RecordReader(path: summary.files[0])), rows)
  }

  /// The schema and all rows of a database, as text.
  private static func dump(_ path: String) throws -> [String] {
    let database = try Database(path: path, .readOnly)
    var found: [String] = []
    for query in [
      "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY rowid",
      "SELECT * FROM INDEXES", "SELECT * FROM SHARD_NAME", "PRAGMA journal_mode",
      "PRAGMA encoding", "PRAGMA page_size", "PRAGMA user_version",
    ] {
      let statement = try database.prepare(query)
      while try statement.step() {
        found.append(
          (0..<statement.columns).map { column in
            if let value = statement.integer(column) { return "i\(value)" }
            if let text = statement.text(column) {
              return "t" + String(decoding: text, as: UTF8.self)
            }
            if let value = statement.double(column) { return "d\(value.bitPattern)" }
            return "null"
          }.joined(separator: "|"))
      }
    }
    return found
  }

  private static func verify(_ entry: JSONValue, _ folder: String) throws -> String? {
    let path = FilePath.join(folder, "x.mindrecord")
    let findings = try RecordVerifier.verify(path: path)
    let isWhole = !findings.contains { $0.severity == .error }
    // Reading all of it must end too, with rows or with an error.
    do { _ = try lines(RecordReader(path: path)) } catch _ as DSXError {}
    let wanted = entry["wanted"]?.string
    guard isWhole == (wanted == "ok") else {
      return "verify says \(findings), wanted \(wanted ?? "")"
    }
    return nil
  }
}

/// A folder of its own, removed with its owner.
final class TemporaryFolder {
  let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "dsx-golden-" + UUID().uuidString
    try FilePath.makeFolder(folder)
  }

  deinit { try? FilePath.removeTree(folder) }

  func path(_ name: String) -> String { FilePath.join(folder, name) }
}
