import DSXCore
import Testing

@testable import Records

/// Conditions: what they mean, what they refuse, and that they are never SQL.
@Suite struct RecordQueryTests {
  private func sample(_ place: TemporaryFolder, shards: Int = 2) throws -> RecordReader {
    let labels = ["news_tech", "news_sport", "a\0b", "a", "天气", "", "Ärger", "it's", "%x"]
    let scores: [Double] = [
      0.1, 0.30000000000000004, 0.3, -0.0, 1e300, -Double.leastNonzeroMagnitude * 2000,
      .leastNonzeroMagnitude, 1.0 / 3, 7, -2.5,
    ]
    let numbers: [Int64] = [0, 1, -1, .max, .min, 1 << 53, (1 << 53) + 1, 42, 7]
    let rows = 0..<90
    let schema = Schema([
      Field("blob", .bytes), Field("label", .string), Field("n", .int64), Field("o", .int32),
      Field("plain", .float64), Field("score", .float64), Field("v", .int32, shape: [-1]),
    ])
    return try RecordSets.write(
      place, "q",
      [
        Batch(
          schema: schema,
          columns: [
            Column(.bytes(rows.map { UInt8($0) }), offsets: Array(0...90)),
            Column(strings: rows.map { labels[$0 % labels.count] }),
            Column(.int64(rows.map { numbers[($0 / 2) % numbers.count] })),
            Column(.int32(rows.map { Int32($0 % 4) })),
            Column(.float64(rows.map { $0 % 5 == 0 ? .nan : Double($0) })),
            Column(.float64(rows.map { scores[$0 % scores.count] })),
            Column(.int32(rows.map { Int32($0) }), offsets: Array(0...90)),
          ])
      ], shards: shards, index: ["score", "label", "n", "o"])
  }

  private func found(_ reader: RecordReader, _ text: String, scan: Bool = false) throws -> [Int] {
    let query = try RecordQuery(reader, where: text, scan: scan)
    var rows: [Int] = []
    var failure: DSXError?
    do throws(DSXError) {
      try query.forEachBlock(size: 11) { (block: [Int]) throws(DSXError) -> Bool in
        rows += block
        return true
      }
    } catch { failure = error }
    if let failure { throw failure }
    return rows
  }

  private func fault(_ reader: RecordReader, _ text: String, scan: Bool = false) -> DSXError? {
    do {
      _ = try found(reader, text, scan: scan)
      return nil
    } catch { return error as? DSXError }
  }

  /// A condition and, in Swift, what it means on the rows' values.
  @Test func conditionsMeanWhatTheySay() throws {
    let place = try TemporaryFolder()
    let reader = try sample(place)
    let batch = try reader.batch(0..<90)
    func text(_ row: Int) -> String { batch["label"]?.string(row) ?? "" }
    guard case .float64(let scores) = batch["score"]?.elements,
      case .int64(let numbers) = batch["n"]?.elements,
      case .int32(let small) = batch["o"]?.elements
    else { throw DSXError(.internal, "columns") }
    let cases: [(String, (Int) -> Bool)] = [
      ("label = 'news_tech' AND score > 0.05", { text($0) == "news_tech" && scores[$0] > 0.05 }),
      ("label = 'a'", { text($0) == "a" }),
      ("label != 'a'", { text($0) != "a" }),
      ("NOT label = 'a'", { text($0) != "a" }),
      ("label = 'it''s'", { text($0) == "it's" }),
      ("label = ''", { text($0).isEmpty }),
      ("label < 'b'", { text($0).utf8.lexicographicallyPrecedes("b".utf8) }),
      ("label >= 'a' and label<='a'", { text($0) == "a" }),
      ("label > 'a'", { "a".utf8.lexicographicallyPrecedes(text($0).utf8) }),
      ("label IN ('天气', 'a', 'nothing')", { ["天气", "a"].contains(text($0)) }),
      ("label NOT IN ('天气', 'a')", { !["天气", "a"].contains(text($0)) }),
      ("label LIKE 'news%'", { text($0).hasPrefix("news") }),
      ("label LIKE 'NEWS%'", { _ in false }),
      ("label LIKE '%气'", { text($0).hasSuffix("气") }),
      ("label LIKE '_'", { text($0).unicodeScalars.count == 1 }),
      ("label LIKE 'a_b'", { text($0) == "a\0b" }),
      ("label LIKE '_rger'", { text($0) == "Ärger" }),
      ("label LIKE '%'", { _ in true }),
      ("label NOT LIKE 'news%'", { !text($0).hasPrefix("news") }),
      ("label IS NULL", { _ in false }), ("label IS NOT NULL", { _ in true }),
      ("score = 0.3", { scores[$0] == 0.3 }),
      ("score = 0.30000000000000004", { scores[$0] == 0.30000000000000004 }),
      ("score != 0.3", { scores[$0] != 0.3 }), ("score <> 0", { scores[$0] != 0 }),
      ("score = 0", { scores[$0] == 0 }), ("score = -0.0", { scores[$0] == 0 }),
      ("score > 0", { scores[$0] > 0 }), ("score < 0", { scores[$0] < 0 }),
      ("score >= 1e300", { scores[$0] >= 1e300 }), ("score = 7", { scores[$0] == 7 }),
      ("score BETWEEN 0.1 AND 0.3", { scores[$0] >= 0.1 && scores[$0] <= 0.3 }),
      ("score NOT BETWEEN 0.1 AND 0.3", { !(scores[$0] >= 0.1 && scores[$0] <= 0.3) }),
      ("score IN (0.1, 7, 1e300)", { [0.1, 7, 1e300].contains(scores[$0]) }),
      ("n = 9007199254740993", { numbers[$0] == (1 << 53) + 1 }),
      ("n = 9007199254740992.0", { numbers[$0] == 1 << 53 }),
      ("n < 0.5", { Double(numbers[$0]) < 0.5 }),
      ("n >= 9223372036854775807", { numbers[$0] == .max }),
      ("n = -9223372036854775808", { numbers[$0] == .min }),
      ("n != 42 AND NOT (o = 1 OR o = 2)", { numbers[$0] != 42 && ![1, 2].contains(small[$0]) }),
      ("o = 1 OR o = 2 AND n = 7", { small[$0] == 1 || (small[$0] == 2 && numbers[$0] == 7) }),
      ("(o = 1 OR o = 2) AND n = 7", { [1, 2].contains(small[$0]) && numbers[$0] == 7 }),
      ("NOT NOT o = 3", { small[$0] == 3 }), ("o in (1,3)", { small[$0] % 2 == 1 }),
      ("\"o\" = 3", { small[$0] == 3 }), ("o > 99999999999", { _ in false }),
    ]
    for (condition, holds) in cases {
      let wanted = (0..<90).filter(holds)
      #expect(try found(reader, condition) == wanted, "\(condition)")
      #expect(try found(reader, condition, scan: true) == wanted, "scan: \(condition)")
    }
    // NaN equals nothing, not even in a negation's index.
    #expect(try found(reader, "NOT plain < 10", scan: true).contains(0))
    #expect(try !found(reader, "plain >= 10", scan: true).contains(0))
  }

  /// Random conditions: the index and the scan find the same rows.
  @Test func indexAndScanAgree() throws {
    let place = try TemporaryFolder()
    let reader = try sample(place, shards: 3)
    var random = PCG64(seed: 12)
    func pick(_ words: [String]) -> String { words[Int(random.bounded(UInt32(words.count)))] }
    func condition(_ depth: Int) -> String {
      switch depth > 0 ? random.bounded(4) : 3 {
      case 0: return "(" + condition(depth - 1) + " AND " + condition(depth - 1) + ")"
      case 1: return "(" + condition(depth - 1) + " OR " + condition(depth - 1) + ")"
      case 2: return "NOT " + condition(depth - 1)
      default:
        let comparison = pick(["=", "!=", "<", "<=", ">", ">="])
        switch random.bounded(5) {
        case 0: return "label \(comparison) \(pick(["'a'", "'天气'", "''", "'news_tech'", "'b'"]))"
        case 1: return "score \(comparison) \(pick(["0.3", "0", "1e300", "-1", "0.1", "5e-324"]))"
        case 2: return "n \(comparison) \(pick(["0", "42", "1.5", "9007199254740993", "-1"]))"
        case 3:
          return "label \(pick(["", "NOT "]))LIKE \(pick(["'a%'", "'%e%'", "'_'", "'news_%'"]))"
        default: return "score \(pick(["", "NOT "]))IN (0.1, 0.3, 7)"
        }
      }
    }
    for _ in 0..<150 {
      let text = condition(3)
      #expect(try found(reader, text) == found(reader, text, scan: true), "\(text)")
    }
  }

  @Test func hostileNamesAndValuesAreOnlyThat() throws {
    let place = try TemporaryFolder()
    let reader = try sample(place)
    let before = try FilePath.list(place.folder)
    for text in [
      "label = 'x''; DROP TABLE INDEXES; --'", "label = 'x\" OR 1=1 --'",
      "label IN ('x'') OR (1=1', 'y')", "label LIKE ''' OR 1=1 --'",
    ] {
      #expect(try found(reader, text) == [], "\(text)")
    }
    for text in [
      "\"a\"\"; DROP TABLE INDEXES\" = 1", "\"label_0\" = 'a'", "ROW_ID = 1", "\"ROW_ID\" = 1",
      "\"label\"\" = 1 OR \"\"\" = 1", "sqlite_version = 1",
    ] {
      #expect(fault(reader, text)?.code == .unknownName, "\(text)")
    }
    for text in [
      "label = 'x'; DROP TABLE INDEXES", "label = 'x' --", "label = 'a' UNION SELECT 1",
      "label = (SELECT 1)", "1 = 1", "label = label", "label = \"a\"", "label = 'a", "abs(n) = 1",
      "n = 0x10", "n = 1e999", "n = 99999999999999999999", "n == = 1", "n = 1 AND", "(n = 1", "",
      "   ", "n IN ()", "n BETWEEN 1", "n LIKE 5", "label LIKE 5", "label IS 5", "NOT", "n = ?1",
      "n = :a", "n = 1)", "n ! 1", "n => 1", "label", "AND = 1",
      String(repeating: "(", count: 100) + "n = 1" + String(repeating: ")", count: 100),
      String(repeating: "NOT ", count: 100) + "n = 1",
      Array(repeating: "n = 1", count: 600).joined(separator: " AND "),
      "n IN (" + Array(repeating: "1", count: 10_001).joined(separator: ",") + ")",
    ] {
      let error = fault(reader, text)
      #expect(error?.code == .usage, "\(text.prefix(60)): \(String(describing: error))")
    }
    #expect(try FilePath.list(place.folder) == before)
    // The largest that is allowed works.
    let many = Array(repeating: "n = 1", count: 499).joined(separator: " AND ")
    #expect(try found(reader, many) == found(reader, "n = 1"))
    let list = (0..<9999).map { String($0 + 1000) }.joined(separator: ",")
    #expect(try found(reader, "n IN (\(list), 7)") == found(reader, "n = 7"))
    // A file whose schema has such a name is refused when it is opened.
    #expect(throws: DSXError.self) {
      _ = try RecordSets.write(
        place, "h",
        [Batch(schema: Schema([Field("a\"; DROP", .int32)]), columns: [Column(.int32([1]))])])
    }
  }

  @Test func fieldsAndTypesAreChecked() throws {
    let place = try TemporaryFolder()
    let reader = try sample(place)
    for (text, words) in [
      ("plain > 1", "not indexed"), ("label = 3", "compared with the number 3"),
      ("n = '3'", "compared with the text '3'"), ("blob = 'x'", "cannot be compared"),
      ("v = 1", "cannot be compared"), ("n LIKE '3'", "compared with the text"),
      ("label BETWEEN 1 AND 'a'", "compared with the number 1"),
    ] {
      let error = fault(reader, text)
      #expect(error?.message.contains(words) ?? false, "\(text): \(String(describing: error))")
    }
    #expect(fault(reader, "plain > 1")?.hint?.contains("score, label, n, o") ?? false)
    #expect(fault(reader, "labell = 'a'")?.hint?.contains("did you mean 'label'") ?? false)
    #expect(try !found(reader, "plain > 1", scan: true).isEmpty)
    #expect(fault(reader, "v = 1", scan: true)?.code == .usage)
  }

  @Test func wrongIndexesAreRefused() throws {
    let place = try TemporaryFolder()
    let changes: [(String, DSXError.Code)] = [
      ("DELETE FROM INDEXES WHERE ROW_ID = 3", .corrupt),
      ("UPDATE SHARD_NAME SET NAME = 'other'", .corrupt),
      ("DROP TABLE SHARD_NAME", .corrupt), ("DROP TABLE INDEXES", .corrupt),
      ("UPDATE INDEXES SET label_0 = 'a'", .corrupt),
      ("UPDATE INDEXES SET ROW_ID = 99 WHERE ROW_ID = 3", .corrupt),
      (
        "ALTER TABLE INDEXES RENAME TO I2; CREATE VIEW INDEXES AS SELECT * FROM I2", .corrupt
      ),
      ("ALTER TABLE INDEXES RENAME COLUMN label_0 TO other_0", .corrupt),
    ]
    for (sql, code) in changes {
      let reader = try sample(place)
      let database = try Database(path: reader.paths[0] + ".db", .create)
      try database.run(sql)
      try database.close()
      let error = fault(reader, "label = 'news_sport'")
      #expect(error?.code == code, "\(sql): \(String(describing: error))")
      #expect(error?.hint?.contains("--scan") ?? false || error?.hint?.contains("repair") ?? false)
      #expect(try found(reader, "label = 'news_sport'", scan: true).count == 10)
    }
    let reader = try sample(place)
    try FilePath.removeTree(reader.paths[1] + ".db")
    #expect(fault(reader, "n = 1")?.code == .missingFile)
    #expect(try found(reader, "n = 1", scan: true).count == 10)
  }

  @Test func pathsAreNotURIs() throws {
    let place = try TemporaryFolder()
    let folder = place.path("a%20b#c d?mode=rw&x")
    try FilePath.makeFolder(folder)
    var writer = try RecordWriter(
      path: FilePath.join(folder, "x#1%41"),
      schema: RecordSchema(RecordSets.numbered(0..<1).schema))
    try writer.append(RecordSets.numbered(0..<9))
    let reader = try RecordReader(path: writer.finish().files[0])
    #expect(try found(reader, "n > 5") == [6, 7, 8])
  }
}
