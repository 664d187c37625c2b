import DSXCore
import Datasets
import Testing

@Suite struct TableTypeTests {
  func read(_ text: String, _ options: TableOptions = TableOptions()) throws -> TableRows {
    let folder = try TableFolder()
    let path = try folder.file("a.csv", text.utf8)
    let streamed = try TableRows.stream(path, options)
    #expect(try TableRows.load(path, options) == streamed)
    return streamed
  }

  @Test func oneDecisionAColumn() throws {
    let table = try read(
      """
      int,float,zero,plus,big,exact,empty,gaps,words,minus
      1,1,007,+1,9223372036854775808,9007199254740993,,,x,-0
      -9223372036854775808,2.5,7,1,1,1.5,,12,,1
      3,-1e-3,1,1,2,1,,7,z,2

      """)
    #expect(
      table.types == [
        .int64, .float64, .string, .string, .string, .string, .string, .int64, .string, .float64,
      ])
    #expect(
      table.rows[0] == [
        "1", "1.0", "007", "+1", "9223372036854775808", "9007199254740993", "", nil, "x", "-0.0",
      ])
    #expect(table.rows[1][0] == "-9223372036854775808")
    #expect(table.rows[2][1] == "-0.001")
  }

  @Test(arguments: [
    ".5", "5.", "1_000", "0x10", "inf", "NaN", "1e999", " 1", "1 ", "--1", "-", "1e", "1e+", "1.e3",
    "00", "-01", "١",
  ])
  func otherFormsAreText(_ form: String) throws {
    let table = try read("a\n1.5\n\(form)\n")
    #expect(table.types == [.string] && table.rows[1] == [form])
  }

  @Test func numbersAreCorrectlyRounded() throws {
    var random = PCG64(seed: 22)
    var texts: [String] = [
      "9007199254740993.0", "0.1", "1e22", "1e23", "4.9e-324",
      "2.2250738585072014e-308",
      "1.7976931348623157e308", "8.41e21", "9.5367431640625e-7", "5e-324", "1e-400",
      "0.000000000000000000000000001",
      "1152921504606846977.0", "18014398509481986.0", "4503599627370497.5", "4503599627370496.5",
    ]
    for _ in 0..<3000 {
      let bits = random.next()
      let value = Double(bitPattern: bits)
      if value.isFinite { texts.append("\(value)") }
      let digits = UInt64.random(in: 0..<10_000_000_000_000_000_000, using: &random)
      texts.append("\(digits)e\(Int(random.bounded(140)) - 70)")
      texts.append("\(digits >> 11).\(random.bounded(1_000_000))")
    }
    let table = try read("x\n0.5\n" + texts.joined(separator: "\n") + "\n")
    #expect(table.types == [.float64])
    for (text, row) in zip(texts, table.rows.dropFirst()) {
      #expect(row == [Double(text).map { "\($0)" }], "\(text)")
    }
  }

  @Test func integersOfEveryLength() throws {
    var texts: [String] = []
    for length in 1...19 {
      texts.append(String(String("1234567890123456789").prefix(length)))
      texts.append("-" + String(repeating: "9", count: min(length, 18)))
    }
    texts += ["9223372036854775807", "-9223372036854775808", "0"]
    let table = try read("x,y\n" + texts.map { "\($0),\($0)" }.joined(separator: "\n"))
    #expect(table.types == [.int64, .int64] && table.rows.map { $0[1] } == texts)
  }

  @Test func featuresDeclareTypes() throws {
    var options = TableOptions()
    options.features = [
      Field("b", .int32, feature: .bool),
      Field("s", .int32, feature: .integer(bits: 8, signed: true)),
      Field("h", .float32, feature: .float16),
      Field("l", .int64, feature: .classLabel(["no", "yes"])),
      Field("j", .string, feature: .json), Field("v", .float32, shape: [-1]),
      Field("n", .int64, isNullable: true), Field("f", .float32), Field("z", .string),
    ]
    let table = try read(
      """
      b,s,h,l,j,v,n,f,z,i
      true,-128,0.1,yes,"{""a"": 1}","[1, 2.5]",,0.1,007,5
      0,127,65504,0,null,[],3,16777216,8,6

      """, options)
    #expect(
      table.rows == [
        ["1", "-128", "0.099975586", "1", "{\"a\": 1}", "1.0 2.5", nil, "0.1", "007", "5"],
        ["0", "127", "65504.0", "0", "null", "", "3", "16777216.0", "8", "6"],
      ])
    for (column, cell) in [
      ("b", "yes"), ("s", "128"), ("h", "70000"), ("l", "2"), ("l", "maybe"), ("j", "{"),
      ("v", "[\"x\"]"), ("v", "1"), ("n", "x"), ("f", "1e40"), ("f", ""),
    ] {
      var one = TableOptions()
      one.features = options.features.filter { $0.name == column }
      let folder = try TableFolder()
      let quoted =
        "\""
        + cell.split(separator: "\"", omittingEmptySubsequences: false)
        .joined(separator: "\"\"") + "\""
      let path = try folder.file("a.csv", "k,\(column)\n1,\(quoted)\n".utf8)
      let error = #expect(throws: DSXError.self) { try TableRows.stream(path, one) }
      #expect(
        error?.location.line == 2 && error?.message.contains("'\(column)'") == true, "\(cell)")
      #expect(throws: DSXError.self) { try TableRows.load(path, one) }
      one.onBadRow = .skip
      let skipped = try TableRows.load(path, one)
      #expect(skipped.rows.isEmpty && skipped.badRows == 1 && skipped.reasons == [2])
      #expect(try TableRows.stream(path, one) == skipped)
    }
  }

  @Test func columnsAreChosenAndSchemasReused() throws {
    let folder = try TableFolder()
    let path = try folder.file("a.csv", "a,b,c\n1,x,2.5\n2,y,3\n".utf8)
    var options = TableOptions()
    options.columns = ["c", "a"]
    #expect(try TableRows.stream(path, options).rows == [["2.5", "1"], ["3.0", "2"]])
    let schema = try TableReader(path: path, options: options).schema
    let other = try folder.file("b.csv", "a,c,b\n7,1,x\n8,x,y\n".utf8)
    let reader = try TableReader(path: other, schema: schema)
    #expect(reader.schema == schema)
    let error = #expect(throws: DSXError.self) { try reader.load() }
    #expect(error?.location.line == 3 && error?.location.row == 1)
    options.columns = ["a", "d"]
    let missing = #expect(throws: DSXError.self) { try TableReader(path: path, options: options) }
    #expect(missing?.hint?.contains("columns: a, b, c") == true)
  }

  @Test func nullTextsAreMissingNumbersOnly() throws {
    var options = TableOptions()
    options.nullTexts = ["NA"]
    let table = try read("n,t\nNA,NA\n1,x\n", options)
    #expect(table.types == [.int64, .string] && table.rows == [[nil, "NA"], ["1", "x"]])
    #expect(try read("n,t\nNA,NA\n1,x\n").types == [.string, .string])
  }

  @Test func fileColumnsKeepTheirNames() throws {
    let folder = try TableFolder()
    let path = try folder.file("a.csv", "FILENAME:FILE,k:LABEL\na/b.png,1\n".utf8)
    let schema = try TableReader(path: path).schema
    #expect(schema.fields.map(\.name) == ["FILENAME:FILE", "k:LABEL"])
    #expect(schema.fields[0].feature == .file)
  }
}
