import DSXCore
import Datasets
import Testing

@Suite struct JSONTableTests {
  func read(_ text: String, _ name: String = "a.jsonl", _ options: TableOptions = TableOptions())
    throws -> TableRows
  {
    let folder = try TableFolder()
    let path = try folder.file(name, text.utf8)
    var small = options
    small.batchRows = 1
    small.threads = 3
    let streamed = try TableRows.stream(path, options)
    #expect(try TableRows.stream(path, small) == streamed)
    return streamed
  }

  @Test func columnsAreTheMembersOfAllRows() throws {
    let table = try read(
      """
      {"a": 1, "b": null}
      {"b": "x", "a": 2, "c": [1, {"d": null}]}
      {"c": {"e": 1}, "a": 2.5}
      """)
    #expect(table.names == ["a", "b", "c"] && table.types == [.float64, .string, .string])
    #expect(
      table.rows == [
        ["1.0", nil, nil], ["2.0", "x", "[1, {\"d\": null}]"], ["2.5", nil, "{\"e\": 1}"],
      ])
  }

  @Test(arguments: [
    ("{\"a\": 1}\n{\"a\": \"x\"}\n", 2), ("{\"a\": true}\n\n{\"a\": 1}\n", 3),
    ("{\"a\": 9007199254740993}\n{\"a\": 0.5}\n", 2),
    ("{\"a\": 0.5}\n{\"a\": 9007199254740993}\n", 2),
    ("{\"a\": 1, \"a\": 2}\n", 1), ("{\"a\": 1}\nnull\n", 2),
  ])
  func mixturesAreRefused(_ text: String, _ line: Int) throws {
    let error = #expect(throws: DSXError.self) { try read(text) }
    #expect(error?.location.line == line, "\(text)")
    var options = TableOptions()
    options.onBadRow = .skip
    let skipped = try read(text, "a.jsonl", options)
    #expect(skipped.badRows == 1 && skipped.reasons == [line])
  }

  @Test func arraysAreReadElementByElement() throws {
    let text = " [ {\"a\": \"]},\\\"\", \"n\": [1, [2]]},\n{\"a\": \"y\", \"n\": []} ]\n"
    for name in ["a.json", "b.json"] {
      let table = try read(text, name)
      #expect(table.rows == [["]},\"", "[1, [2]]"], ["y", "[]"]])
    }
    #expect(try read("[]", "a.json").rows.isEmpty)
    for (bad, line) in [
      ("[{\"a\": 1}", 1), ("[{\"a\": 1},]", 1), ("[{\"a\": 1}\n{\"a\": 2}]", 2), ("[1]", 1),
      ("[{\"a\": 1}] x", 1), ("[\n{\"a\": tru}]", 2), ("[{\"a\": \"x]", 1),
    ] {
      let error = #expect(throws: DSXError.self, "\(bad)") { try read(bad, "a.json") }
      #expect(error?.location.line == line, "\(bad)")
    }
  }

  @Test func arraysKeepSavedPositions() throws {
    let folder = try TableFolder()
    let rows = (0..<50).map { "{\"a\": \($0)}" }.joined(separator: " ,\n")
    let path = try folder.file("a.json", "[\(rows)]".utf8)
    var options = TableOptions()
    options.batchRows = 8
    let reader = try TableReader(path: path, options: options)
    var cursor = try reader.cursor()
    var states = [cursor.state]
    while try cursor.next() != nil { states.append(cursor.state) }
    for (number, state) in states.enumerated() {
      var other = try reader.cursor()
      try other.restore(state)
      let batch = try other.next()
      #expect(batch?.firstRow == (number < 7 ? number * 8 : nil))
    }
  }

  @Test func featuresMakeTypedLists() throws {
    var options = TableOptions()
    options.features = [
      Field("v", .int64, shape: [-1]), Field("m", .float32, shape: [2, 2]),
      Field("l", .string, feature: .list(of: .string)),
      Field("c", .int32, feature: .classLabel(["a", "b"])),
      Field("o", .float64, isNullable: true),
    ]
    let good =
      "{\"v\": [1, 2, 3], \"m\": [[1, 2], [3, 4]], \"l\": [\"x\"], \"c\": \"b\", \"o\": null}\n"
    let table = try read(good, "a.jsonl", options)
    #expect(table.rows == [["1 2 3", "1.0 2.0 3.0 4.0", "[\"x\"]", "1", nil]])
    options.onBadRow = .skip
    for bad in [
      good.replacing("[1, 2, 3]", with: "[1, 2.5]"), good.replacing("[3, 4]", with: "[3]"),
      good.replacing("[\"x\"]", with: "[1]"), good.replacing("\"b\"", with: "\"z\""),
      good.replacing("null", with: "\"x\""), good.replacing("\"v\"", with: "\"w\""),
    ] {
      let mixed = try read(good + bad + good, "a.jsonl", options)
      #expect(mixed.rows.count == 2 && mixed.badRows == 1 && mixed.reasons == [2], "\(bad)")
      #expect(mixed.rows[0] == mixed.rows[1])
    }
  }

  @Test func textIsLines() throws {
    let table = try read("a\r\n\nb,\"c\rd", "a.txt")
    #expect(table.names == ["text"] && table.rows == [["a"], [""], ["b,\"c"], ["d"]])
    #expect(try read("", "a.txt").rows.isEmpty)
    #expect(try read("\u{feff}x\n", "a.txt").rows == [["x"]])
  }
}
