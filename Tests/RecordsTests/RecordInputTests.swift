import DSXCore
import Testing

@testable import Records

/// JSON lines in: what is taken is exactly what was printed, everything else is refused by name.
@Suite struct RecordInputTests {
  private let schema = RecordSchema(
    Schema([
      Field("a", .int32, shape: [2, -1]), Field("b", .bytes), Field("d", .float64),
      Field("f", .float32), Field("g", .float32, shape: [2]), Field("i", .int32),
      Field("l", .int64), Field("s", .string),
    ]), indexFields: ["d", "i", "s"])
  private let good: [(String, String)] = [
    ("a", #"{"dtype":"int32","shape":[2,1],"data":[1,2]}"#), ("b", #"{"base64":"AAE="}"#),
    ("d", "0.5"), ("f", "1.5"), ("g", "[1,2]"), ("i", "7"), ("l", "-9223372036854775808"),
    ("s", #""x""#),
  ]

  private func line(_ change: [String: String?] = [:]) -> String {
    let parts = good.compactMap { name, value -> String? in
      guard let changed = change[name] else { return "\"\(name)\":\(value)" }
      return changed.map { "\"\(name)\":\($0)" }
    }
    let more = change.keys.filter { key in !good.contains { $0.0 == key } }.sorted()
    return "{"
      + (parts + more.compactMap { key in change[key].flatMap { $0 }.map { "\"\(key)\":\($0)" } })
      .joined(separator: ",") + "}"
  }

  private func fault(_ text: String) throws -> RowFault? {
    let reader = try RowLineReader(schema)
    var found: RowFault?
    var bytes = text
    bytes.withUTF8 { buffer in
      do throws(RowFault) { try reader.append(UnsafeRawBufferPointer(buffer)) } catch {
        found = error
      }
    }
    // A refused row leaves nothing, so that the next one is whole.
    if found != nil {
      #expect(reader.rows == 0 && reader.take().columns.allSatisfy { $0.elements.count == 0 })
    }
    return found
  }

  @Test func badValuesAreNamed() throws {
    #expect(try fault(line()) == nil)
    #expect(try fault(" \t" + line(["a": "[[1, 2],[3,4]]"]) + " \r") == nil)
    #expect(try fault(line(["f": #""NaN""#])) == nil)
    #expect(try fault(line(["d": "-0"])) == nil)
    let cases: [(String, String?, RowFault.Reason)] = [
      ("i", nil, .missingField), ("s", nil, .missingField), ("zz", "1", .unknownField),
      ("i", "\"7\"", .wrongType), ("i", "7.0", .wrongType), ("i", "null", .wrongType),
      ("i", "true", .wrongType), ("i", "[7]", .wrongType), ("i", "7e2", .wrongType),
      ("i", "2147483648", .outOfRange), ("i", "-2147483649", .outOfRange),
      ("i", "99999999999999999999", .outOfRange), ("l", "9223372036854775808", .outOfRange),
      ("l", "1.5", .wrongType), ("d", "\"x\"", .wrongType), ("d", "\"NaN\"", .notFinite),
      ("d", "\"Infinity\"", .notFinite), ("d", "\"-Infinity\"", .notFinite),
      ("d", "1e999", .outOfRange), ("d", "9007199254740993", .outOfRange),
      ("f", "\"nan\"", .wrongType), ("g", "[1,1e39]", .outOfRange),
      ("g", "[16777217,1]", .outOfRange),
      ("g", "[1]", .wrongShape), ("g", "[1,2,3]", .wrongShape), ("g", "[]", .wrongShape),
      ("g", "[[1,2]]", .wrongType), ("g", "7", .wrongType), ("g", "\"x\"", .wrongType),
      ("a", "[1,2]", .wrongShape), ("a", "[[1],[2,3]]", .wrongShape),
      ("a", "[[1],[2],[3]]", .wrongShape),
      ("a", #"{"dtype":"int64","shape":[2,1],"data":[1,2]}"#, .wrongType),
      ("a", #"{"dtype":"int32","shape":[1,2],"data":[1,2]}"#, .wrongShape),
      ("a", #"{"dtype":"int32","shape":[2],"data":[1,2]}"#, .wrongShape),
      ("a", #"{"dtype":"int32","shape":[2,1],"data":[1,2,3]}"#, .wrongShape),
      ("a", #"{"dtype":"int32","shape":[2,1099511627776],"data":[1,2]}"#, .wrongShape),
      ("a", #"{"dtype":"int32","shape":[2,-1],"data":[1,2]}"#, .wrongType),
      ("a", #"{"dtype":"int32","shape":[2,1]}"#, .wrongType), ("a", "{}", .wrongType),
      ("a", #"{"data":[1,2],"data":[1,2]}"#, .wrongType),
      ("a", #"{"data":[1,2],"x":1}"#, .wrongType),
      ("a", #"{"data":[1,3000000000]}"#, .outOfRange), ("a", #"{"data":[1,2.0]}"#, .wrongType),
      ("b", "\"AAE=\"", .wrongType), ("b", #"{"base64":"AAE"}"#, .badBase64),
      ("b", #"{"base64":"AA=E"}"#, .badBase64), ("b", #"{"base64":"A A="}"#, .badBase64),
      ("b", #"{"base64":"AAF="}"#, .badBase64), ("b", #"{"base64":"===="}"#, .badBase64),
      ("b", #"{"base64":7}"#, .wrongType), ("b", #"{"x":"AAE="}"#, .wrongType),
      ("b", #"{"base64":"AAE=","x":1}"#, .wrongType), ("s", "7", .wrongType),
      ("s", "\"a\nb\"", .notJSON), ("s", #""\ud800""#, .notJSON), ("s", #""\x""#, .notJSON),
      ("i", "07", .notJSON), ("i", "-", .notJSON), ("d", "1.", .notJSON), ("d", ".5", .wrongType),
      ("i", "", .wrongType),
    ]
    for (field, value, reason) in cases {
      let found = try fault(line([field: value]))
      let place = Comment(rawValue: "\(field): \(value ?? "missing"): \(String(describing: found))")
      #expect(found?.reason == reason, place)
      if reason != .notJSON {
        #expect(found?.field == field && found?.message.contains(field) ?? false, place)
      }
    }
    for (text, reason) in [
      ("", .notJSON), ("x", .notJSON), ("[1]", .notObject), ("7", .notObject), ("null", .notObject),
      (line() + "x", .notJSON), (line() + line(), .notJSON), (String(line().dropLast()), .notJSON),
      ("{", .notJSON), ("{}", .missingField), ("{\"i\" 7}", .notJSON), ("{\"i\":7,}", .notJSON),
      ("{\"i\":7,\"i\":7}", .repeatedField), ("\u{feff}" + line(), .notJSON),
      (String(repeating: "[", count: 500), .notJSON),
    ] as [(String, RowFault.Reason)] {
      #expect(try fault(text)?.reason == reason, "\(text)")
    }
    // Every beginning of a good line is refused, and no byte of it crashes.
    let whole = line()
    for end in whole.indices { #expect(try fault(String(whole[..<end])) != nil) }
  }

  @Test func messagesShowTheValue() throws {
    #expect(
      try fault(line(["i": "2147483648"]))?.message
        == "the field 'i' is int32, but the value is 2147483648")
    #expect(
      try fault(line(["d": "\"Infinity\""]))?.message
        == "the field 'd' is indexed, but the value is \"Infinity\"")
    let long = try fault(line(["i": "\"" + String(repeating: "é", count: 500) + "\""]))
    #expect(long?.message.utf8.count ?? 0 < 150)
  }

  /// What is printed comes back equal, whatever the schema.
  @Test func printedRowsComeBack() throws {
    let place = try TemporaryFolder()
    for seed in 0..<20 {
      var sets = RandomSets(seed: UInt64(seed + 300))
      let source = sets.schema()
      var batch = sets.batch(source, rows: 25)
      for (number, field) in source.fields.enumerated() {
        // Text of every kind, and the numbers that are easily lost.
        if field.type == .string {
          batch.columns[number] = Column(
            strings: (0..<25).map {
              ["", "\0\u{1}\u{7f}\"\\/", "天气 \u{1F600}\u{2028}", "a\tb\r\n"][$0 % 4]
            })
        } else if case .float64(var values) = batch.columns[number].elements {
          for (place, value) in [
            -0.0, Double.leastNonzeroMagnitude, 1e300, 0.1, .infinity, -.infinity, .nan,
          ].enumerated()
          where place < values.count { values[place] = value }
          batch.columns[number].elements = .float64(values)
        }
      }
      let one = try RecordSets.write(place, "a", [batch])
      let read = try RecordSchema(json: JSONParser.parse(one.schema.json.text(.indented)))
      #expect(read == one.schema)
      var options = RecordWriterOptions()
      options.overwrite = true
      var rows = try RecordImport(path: place.path("b"), schema: read, options: options)
      for text in try one.batch(0..<25).lines() {
        var line = String(text.dropLast())
        var failure: DSXError?
        line.withUTF8 { bytes in
          do throws(DSXError) { try rows.append(line: UnsafeRawBufferPointer(bytes)) } catch {
            failure = error
          }
        }
        if let failure { throw failure }
      }
      let two = try RecordReader(path: rows.finish().files[0])
      let diff = try RecordDiff(one, two)
      #expect(diff.isEmpty, "seed \(seed): \(diff)")
    }
  }

  @Test func skippedRowsAreCountedAndKept() throws {
    let place = try TemporaryFolder()
    let schema = RecordSchema(Schema([Field("b", .bytes), Field("n", .int32)]))
    var options = RecordWriterOptions()
    options.pageSize = 32 << 10
    let lines = (0..<40).map { row -> String in
      switch row {
      case 3, 30: "{\"n\":\(row)}"
      case 4: "junk"
      case 5: ""
      case 6: "{\"b\":{\"base64\":\"\"},\"n\":6}"
      // Longer than a page: only the writer can tell.
      case 8, 39:
        "{\"b\":{\"base64\":\"" + String(repeating: "AAAA", count: 12_000) + "\"},\"n\":\(row)}"
      default: "{\"n\":\(row),\"b\":{\"base64\":\"AAAA\"}}"
      }
    }
    final class Box { var skipped: [RecordImport.SkippedLine] = [] }
    let box = Box()
    var rows = try RecordImport(path: place.path("x"), schema: schema, options: options) {
      (line: RecordImport.SkippedLine) throws(DSXError) -> Void in box.skipped.append(line)
    }
    for text in lines { try append(text, &rows) }
    let summary = try rows.finish()
    #expect(summary.rows == 33)
    #expect(
      rows.skipped == [.missingField: 2, .notJSON: 1, .emptyValue: 1, .refused: 2])
    #expect(box.skipped.map { $0.skipped.line ?? 0 }.sorted() == [4, 5, 7, 9, 31, 40])
    for line in box.skipped {
      #expect(String(decoding: line.text, as: UTF8.self) == lines[(line.skipped.line ?? 1) - 1])
      #expect(line.json["reason"]?.string == line.skipped.fault.reason.rawValue)
    }
    let batch = try RecordReader(path: summary.files[0]).batch(0..<33)
    let kept = (0..<40).filter { ![3, 4, 5, 6, 8, 30, 39].contains($0) }
    guard case .int32(let values) = batch["n"]?.elements else { return }
    #expect(values.map(Int.init) == kept)
    // Without a sink the first bad row is an error with its line.
    var strict = try RecordImport(path: place.path("y"), schema: schema)
    var failure: DSXError?
    do { for text in lines { try append(text, &strict) } } catch { failure = error as? DSXError }
    #expect(failure?.location.line == 4 && failure?.location.row == 3)
    #expect(failure?.message == "the row has no field 'b'")
  }

  private func append(_ text: String, _ rows: inout RecordImport) throws {
    var failure: DSXError?
    let bytes = Array(text.utf8)
    bytes.withUnsafeBytes { buffer in
      do throws(DSXError) { try rows.append(line: buffer) } catch { failure = error }
    }
    if let failure { throw failure }
  }

  /// The same policy for batches.
  @Test(arguments: [false, true]) func policyOfBatches(exact: Bool) throws {
    let place = try TemporaryFolder()
    var random = PCG64(seed: 2)
    for round in 0..<20 {
      let bad = Set((0..<60).filter { _ in random.bounded(round < 10 ? 10 : 2) == 0 })
      var options = RecordWriterOptions()
      options.mindSporeExact = exact
      options.headerSize = 16 << 10
      options.pageSize = 32 << 10
      options.overwrite = true
      let schema = Schema([Field("n", .int32)])
      var batch = Batch(
        schema: schema,
        columns: [Column(.int64((0..<60).map { bad.contains($0) ? 1 << 40 : Int64($0) }))])
      batch.firstRow = 1000
      var writer = try RecordWriter(
        path: place.path("p"), schema: RecordSchema(schema), options: options)
      final class Box { var rows: [Int] = [] }
      let box = Box()
      let policy = RowPolicy.skip { (row: SkippedRow) throws(DSXError) -> Void in
        box.rows.append(row.row)
      }
      let written = try writer.append(batch, onBadRow: policy)
      #expect(written == 60 - bad.count)
      #expect(box.rows == bad.sorted().map { $0 + 1000 })
      let read = try RecordReader(path: writer.finish().files[0]).batch(0..<written)
      guard case .int32(let values) = read.columns[0].elements else { return }
      #expect(values.map(Int.init) == (0..<60).filter { !bad.contains($0) })
    }
    // A column of a wrong type is no matter of rows.
    var writer = try RecordWriter(
      path: place.path("q"), schema: RecordSchema(Schema([Field("n", .int32)])))
    let text = Batch(schema: Schema([Field("n", .string)]), columns: [Column(strings: ["x"])])
    var failure: DSXError?
    do {
      _ = try writer.append(text, onBadRow: .skip { (_: SkippedRow) throws(DSXError) -> Void in })
    } catch { failure = error }
    #expect(failure?.code == .malformed)
  }

  @Test func schemasAreRead() throws {
    func read(_ text: String) throws -> RecordSchema {
      try RecordSchema(json: JSONParser.parse(text))
    }
    let mindSpore = try read(#"{"ids":{"type":"int32","shape":[-1]},"label":{"type":"string"}}"#)
    #expect(mindSpore.schema.fields.map(\.typeText) == ["int32[-1]", "string"])
    for (type, advice) in [
      ("bool", "int32"), ("uint8", "int32"), ("float16", "float32"), ("uint64", "int64"),
      ("double", "float64"), ("str", "string"),
    ] {
      var failure: DSXError?
      do { _ = try read("{\"fields\":[{\"name\":\"x\",\"type\":\"\(type)\"}]}") } catch {
        failure = error as? DSXError
      }
      #expect(failure?.code == .unsupported && failure?.hint?.contains(advice) ?? false, "\(type)")
    }
    for text in [
      "[]", "7", "{}", #"{"fields":[]}"#, #"{"fields":[{"name":"x"}]}"#,
      #"{"fields":[{"type":"int32"}]}"#,
      #"{"fields":[{"name":"x","type":"int32"}],"more":1}"#, #"{"x":"int32"}"#,
      #"{"fields":[{"name":"x","type":"int32","shape":["a"]}]}"#,
      #"{"fields":[{"name":"x","type":"int32","shape":[0]}]}"#,
      #"{"fields":[{"name":"x","type":"int32","shaep":[1]}]}"#,
      #"{"fields":[{"name":"x","type":"bytes"}],"index_fields":["x"]}"#,
      #"{"fields":[{"name":"a b","type":"int32"}]}"#,
    ] {
      #expect(throws: DSXError.self, "\(text)") { _ = try read(text) }
    }
  }
}
