import DSXCore
import Datasets
import Foundation
import Testing

@Suite struct LoaderTests {
  func rows(_ text: String, _ name: String, _ types: ColumnTypes = .inferred) throws
    -> (Schema, [Batch])
  {
    let folder = NSTemporaryDirectory() + "dsx-data-\(UUID().uuidString)"
    try FilePath.makeFolder(folder)
    defer { try? FilePath.removeTree(folder) }
    let path = folder + "/" + name
    try FilePath.write(Array(text.utf8), to: path)
    var cursor = try MsDataset.cursor(path: path, types: types, batchRows: 2)
    var batches: [Batch] = []
    while let batch = try cursor.next() { batches.append(batch) }
    return (cursor.schema, batches)
  }

  func texts(_ batches: [Batch], _ name: String) -> [String?] {
    batches.flatMap { batch in (0..<batch.rows).map { batch[name]?.string($0) } }
  }

  @Test func csvKeepsWhatRFC4180Keeps() throws {
    let (schema, batches) = try rows(
      "\u{feff}id,text,n,z\r\n1, a b ,1.5,007\r\n2,\"x\"\"y,\nz\",2,1\r\n\r\n3,,3,2", "a.csv")
    #expect(schema.fields.map(\.type) == [.int64, .string, .float64, .string])
    #expect(schema.fields.map(\.name) == ["id", "text", "n", "z"])
    #expect(texts(batches, "text") == [" a b ", "x\"y,\nz", ""])
    #expect(texts(batches, "z") == ["007", "1", "2"])
    #expect(batches.map(\.firstRow) == [0, 2])
  }

  @Test(arguments: [
    ("a,b\n1,2\n3\n", 3), ("a,b\n1,2\n\n3,4,5\n", 4), ("a,b\n1,x\"y\n", 2), ("a,b\n1,\"x\n", 2),
    ("a,b\n\"x\" ,1\n", 2), ("a,a\n1,2\n", 1), ("a,b\n\"m\nn\",1\n2\n", 4), ("a\r1\r\"x", 3),
  ])
  func csvErrorsHaveTheirLine(_ text: String, _ line: Int) {
    let error = #expect(throws: DSXError.self) { try rows(text, "a.csv") }
    #expect(error?.code == .malformed)
    #expect(error?.location.line == line, "\(text)")
  }

  @Test func bigIntegersStayExact() throws {
    let (schema, batches) = try rows(
      "a,b,c\n9223372036854775807,9223372036854775808,9007199254740993\n1,2,1.5\n", "a.csv")
    #expect(schema.fields.map(\.type) == [.int64, .string, .string])
    #expect(texts(batches, "c") == ["9007199254740993", "1.5"])
  }

  @Test func jsonLinesInferOneTypeAColumn() throws {
    let (schema, batches) = try rows(
      """
      {"i": 1, "d": 1, "s": "x", "b": true, "n": [1, {"a": null}]}

      {"d": 2.5, "i": 2, "s": "y", "b": false, "n": []}
      """, "a.jsonl")
    #expect(schema.fields.map(\.type) == [.int64, .float64, .string, .int32, .string])
    #expect(texts(batches, "n") == ["[1, {\"a\": null}]", "[]"])
  }

  @Test(arguments: [
    ("{\"a\": 1}\n{\"a\": \"x\"}\n", 2),
    ("{\"a\": 1}\n\n{\"a\"", 3),
    ("[1]\n", 1), ("\n1\n", 2),
  ])
  func jsonErrorsHaveTheirLine(_ text: String, _ line: Int) {
    let error = #expect(throws: DSXError.self) { try rows(text, "a.json") }
    #expect(error?.location.line == line, "\(text)")
  }

  @Test func declaredColumnsAreTheOnlyOnesLookedAt() throws {
    let types = ColumnTypes.declared([Field("s", .string)])
    let (_, batches) = try rows("{\"s\": 12, \"x\": null}\n{\"s\": \"y\"}\n", "a.json", types)
    #expect(texts(batches, "s") == ["12", "y"])
    let error = #expect(throws: DSXError.self) { try rows("{\"t\": 1}\n", "a.json", types) }
    #expect(error?.location.line == 1)
    #expect(throws: DSXError.self) { try rows("t\n1\n", "a.csv", types) }
    #expect(throws: DSXError.self) { try rows("", "a.csv", types) }
    #expect(throws: DSXError.self) { try rows("x", "a.parquet", types) }
  }

  @Test(arguments: ["a.csv", "a.json"])
  func savedPositionsAreFoundAgain(_ name: String) throws {
    let folder = NSTemporaryDirectory() + "dsx-data-\(UUID().uuidString)"
    try FilePath.makeFolder(folder)
    defer { try? FilePath.removeTree(folder) }
    let path = folder + "/" + name
    let isCSV = name.hasSuffix("csv")
    let lines = (0..<7).map { isCSV ? "\"r\n\($0)\"" : "{\"t\": \"r\($0)\"}" }
    let text = (isCSV ? "t\r\n" : "\u{feff}") + lines.joined(separator: "\r\n")
    try FilePath.write(Array(text.utf8), to: path)
    var whole = try MsDataset.cursor(path: path, batchRows: 3)
    let start = whole.state
    _ = try whole.next()
    let state = whole.state
    let second = try #require(try whole.next())
    var again = try MsDataset.cursor(path: path, batchRows: 3)
    try again.restore(state)
    let restored = try #require(try again.next())
    #expect(restored.firstRow == 3 && texts([restored], "t") == texts([second], "t"))
    try again.restore(start)
    #expect(try again.next()?.firstRow == 0)
    #expect(throws: DSXError.self) { try again.restore(CursorState(row: 1, byte: 4)) }
  }
}
