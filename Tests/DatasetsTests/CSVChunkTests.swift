import DSXCore
import Testing

@testable import Datasets

/// What a file holds does not depend on the chunks and threads that it is read by.
@Suite struct CSVChunkTests {
  private static let cells = [
    "1", "-7", "2.5", "x", "", "\"q\"", "\"a\nb\"", "\"1,2\n3,4\n5,6\"", "\"say \"\"no\"\"\"", "说",
    "\"\r\n\"", "9007199254740993",
  ]
  private static let faults = ["\"open", "a\"b", "only one", "1,2,3"]

  /// Rows of two cells; with a fault in about one of `every` rows.
  private static func text(_ random: inout PCG64, rows: Int, faultEvery every: Int) -> String {
    var text = "a,b\n"
    for _ in 0..<rows {
      func pick(_ words: [String]) -> String { words[Int(random.next() % UInt64(words.count))] }
      text +=
        random.next() % UInt64(every) == 0
        ? pick(faults) : pick(cells) + "," + pick(Array(cells.dropLast(Int(random.next() % 9))))
      text += random.next() % 8 == 0 ? "\r\n" : "\n"
    }
    return text
  }

  @Test(arguments: 0..<60)
  func loadsAndStreamsAreEqual(seed: Int) throws {
    var random = PCG64(seed: UInt64(seed))
    let folder = try TableFolder()
    let path = try folder.file(
      "a.csv",
      Array(Self.text(&random, rows: 300, faultEvery: seed % 3 == 0 ? 40 : 1 << 40).utf8))
    var options = TableOptions()
    options.onBadRow = .skip
    let wanted = try TableRows.stream(path, options)
    for chunkBytes in [16, 37, 64, 500, 4000] {
      for threads in [1, 3] {
        options.chunkBytes = chunkBytes
        options.threads = threads
        #expect(try TableRows.load(path, options) == wanted)
        #expect(try TableRows.stream(path, options) == wanted)
      }
    }
  }

  /// Rows of another kind behind the first ones cost no memory for long.
  @Test func memoryIsGivenBack() throws {
    let folder = try TableFolder()
    let text =
      "a,b\n" + String(repeating: "1,x\n", count: 400_000)
      + String(repeating: "2," + String(repeating: "long", count: 1000) + "\n", count: 2000)
    let path = try folder.file("a.csv", Array(text.utf8))
    let table = try TableReader.load(path: path, options: TableOptions())
    var rows = 0
    for batch in table.batches {
      rows += batch.rows
      guard case .int64(let values) = batch.columns[0].elements,
        case .bytes(let bytes) = batch.columns[1].elements
      else {
        Issue.record("the columns have other types")
        return
      }
      #expect(values.capacity < values.count + values.count / 8 + 10_000)
      #expect(bytes.capacity < bytes.count + bytes.count / 8 + 100_000)
    }
    #expect(rows == 402_000)
  }
}
