import DSXCore
import Datasets
import Testing

/// Several chunks of a file share their columns: what one of them decides must hold for all.
@Suite struct CSVGroupTests {
  private static let rows = 120_000

  /// Columns whose type is decided late: the text of a row, and the types that come of it.
  private static func row(_ row: Int) -> String {
    let isLast = row == rows - 1
    let cells = [
      "\(row)",  // int64
      row < 50_000 ? "\(row)" : "\(row).25",  // integers, then numbers
      row < rows - 3 ? "\(row)" : "n\(row)",  // integers, then text
      row < 60_000 ? "\(row).5" : "t,\(row)",  // numbers, then text that must be quoted
      isLast ? "7" : "",  // missing up to the last row
      row == 0 ? "9007199254740993" : isLast ? "1.5" : "3",  // not exact as a number: text
      row == 0 ? "1.5" : isLast ? "9007199254740993" : "3",  // the same from the other side
      row % 1000 == 7 ? "" : "-\(row + 1)",  // gaps
      row % 3 == 0 ? "说\"\(row)\"" : "",  // doubled quotes
    ]
    return cells.map { cell in
      cell.contains(",") || cell.contains("\"")
        ? "\""
          + cell.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
          + "\"" : cell
    }.joined(separator: ",")
  }

  private static func text(_ lineEnd: String) -> [UInt8] {
    var text = "a,b,c,d,e,f,g,h,i" + lineEnd
    for row in 0..<rows { text += Self.row(row) + (row == rows - 1 ? "" : lineEnd) }
    return Array(text.utf8)
  }

  @Test(arguments: ["\n", "\r\n"])
  func typesThatAreDecidedLate(_ lineEnd: String) throws {
    let folder = try TableFolder()
    let path = try folder.file("late.csv", Self.text(lineEnd))
    let table = try TableReader.load(path: path, options: TableOptions())
    #expect(
      table.schema.fields.map(\.type) == [
        .int64, .float64, .string, .string, .int64, .string, .string, .int64, .string,
      ])
    let streamed = try TableRows.stream(path, TableOptions())
    #expect(try TableRows.load(path, TableOptions()) == streamed)
    for threads in [2, 3] {
      var options = TableOptions()
      options.threads = threads
      #expect(try TableRows.load(path, options) == streamed)
    }
    // By the cells themselves, in the first, a middle and the last rows.
    for wanted in [0, 7, 49_999, 50_000, 60_001, Self.rows - 3, Self.rows - 1] {
      var (left, batch) = (wanted, 0)
      while left >= table.batches[batch].rows {
        left -= table.batches[batch].rows
        batch += 1
      }
      let columns = table.batches[batch].columns
      guard case .int64(let a) = columns[0].elements, case .float64(let b) = columns[1].elements
      else {
        Issue.record("the columns have other types")
        return
      }
      #expect(a[left] == Int64(wanted))
      #expect(b[left] == Double(wanted) + (wanted < 50_000 ? 0 : 0.25))
      #expect(columns[2].string(left) == (wanted < Self.rows - 3 ? "" : "n") + "\(wanted)")
      #expect(columns[3].string(left) == (wanted < 60_000 ? "\(wanted).5" : "t,\(wanted)"))
      #expect(columns[4].isValid(left) == (wanted == Self.rows - 1))
      #expect(columns[7].isValid(left) == (wanted % 1000 != 7))
      #expect(columns[8].string(left) == (wanted % 3 == 0 ? "说\"\(wanted)\"" : ""))
    }
  }

  /// A file in which nothing is right is one pass, too.
  @Test(.timeLimit(.minutes(1)))
  func allValuesAreBad() throws {
    let folder = try TableFolder()
    let path = try folder.file(
      "bad.csv", Array(("a,b\n" + String(repeating: "x,1\n", count: 200_000)).utf8))
    var options = TableOptions()
    options.features = [
      Field("a", .int64), Field("b", .int32),
    ]
    options.onBadRow = .skip
    let table = try TableReader.load(path: path, options: options)
    #expect(table.batches.reduce(0) { $0 + $1.rows } == 0)
    #expect(table.badRows.count == 200_000)
    #expect(try TableRows.stream(path, options).badRows == 200_000)
  }

  /// A quote that is never closed, or only far behind the next chunk's guessed start, ends no reading early.
  @Test(arguments: [1, 2])
  func quotesOverSeveralChunks(threads: Int) throws {
    let folder = try TableFolder()
    var text = "a,b\n"
    for row in 0..<200_000 { text += row == 100 ? "\"open,100\n" : "row,\(row)\n" }
    let open = try folder.file("open.csv", Array(text.utf8))
    var options = TableOptions()
    options.threads = threads
    let error = try #require(throws: DSXError.self) {
      _ = try TableReader.load(path: open, options: options)
    }
    #expect(error.message == "a quoted field is not closed, in column 'a'")
    #expect(error.location.line == 102)
    options.onBadRow = .skip
    let table = try TableReader.load(path: open, options: options)
    #expect(table.batches.reduce(0) { $0 + $1.rows } == 199_999)
    #expect(table.badRows.count == 1)
    #expect(try TableRows.load(open, options) == TableRows.stream(open, options))

    let long = String(repeating: "x,1\n", count: 600_000)
    let closed = try folder.file(
      "closed.csv", Array("a,b\ny,0\n\"\(long)\",2\n\(long)".utf8))
    options.onBadRow = .refuse
    let whole = try TableReader.load(path: closed, options: options)
    #expect(whole.batches.reduce(0) { $0 + $1.rows } == 600_002)
    #expect(try TableRows.load(closed, options) == TableRows.stream(closed, options))
  }
}
