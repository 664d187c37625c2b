import Archives
import DSXCore
import Datasets
import Foundation
import Testing

/// Bytes that come in small pieces.
final class DripSource: ByteSource {
  let name: String
  private let bytes: [UInt8]
  private let step: Int
  private(set) var consumed = 0

  init(_ name: String, _ bytes: [UInt8], step: Int) {
    self.name = name
    self.bytes = bytes
    self.step = step
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(DSXError) -> Int {
    let count = min(step, buffer.count, bytes.count - consumed)
    for index in 0..<count { buffer[index] = bytes[consumed + index] }
    consumed += count
    return count
  }
}

@Suite struct TableStreamTests {
  /// A CSV text of about `size` bytes with quoted line breaks, gaps and a late change of type.
  static func text(_ size: Int, seed: UInt64, faults: Bool = false) -> [UInt8] {
    var random = PCG64(seed: seed)
    var text = "id,number,word,note\n"
    var id = 0
    while text.utf8.count < size {
      let number = id > 900 && id % 500 == 0 ? "1.5" : String(random.bounded(1000))
      let word = random.bounded(9) == 0 ? "" : "w\(random.bounded(50))"
      let note = ["plain", "\"a, b\"", "\"x\ny\"", "\"he \"\"said\"\"\"", "数据"][
        Int(random.bounded(5))]
      text += "\(id),\(number),\(word),\(note)\n"
      if faults, random.bounded(40) == 0 {
        text += ["1,2\n", "a,b\"c,d,e\n", "\"x\" y,,,\n"][Int(random.bounded(3))]
      }
      id += 1
    }
    return Array(text.utf8)
  }

  @Test func streamsGiveWhatFilesGive() throws {
    let folder = try TableFolder()
    let bytes = Self.text(30_000, seed: 1)
    let path = try folder.file("a.csv", bytes)
    let file = try TableRows.stream(path)
    #expect(file.types == [.int64, .float64, .string, .string])
    for step in [1, 7, 4096] {
      var options = TableOptions()
      options.batchRows = 100
      options.threads = step % 3 + 1
      let reader = try TableReader(name: "zip:a.csv", options: options) {
        DripSource("zip:a.csv", bytes, step: step)
      }
      var cursor = try reader.cursor()
      var batches: [Batch] = []
      while let batch = try cursor.next() { batches.append(batch) }
      #expect(batches.dropLast().allSatisfy { $0.rows == 100 })
      #expect(TableRows(reader.schema, batches, cursor.badRows) == file)
    }
  }

  /// The end of a file is a position, also where its last line has no end.
  @Test(arguments: ["a.csv", "a.jsonl", "a.txt"]) func savedPositionsAtTheEnd(_ name: String) throws
  {
    let folder = try TableFolder()
    for end in ["", "\n"] {
      let text = name == "a.csv" ? "a,b\n1,x" : "{\"a\": 1}\n{\"a\": 2}"
      let bytes = Array((text + end).utf8)
      let readers = [
        try TableReader(path: try folder.file(name, bytes)),
        try TableReader(name: name) { DripSource(name, bytes, step: 3) },
      ]
      for reader in readers {
        var cursor = try reader.cursor()
        let rows = try cursor.next()?.rows
        var fresh = try reader.cursor()
        try fresh.restore(cursor.state)
        let rest = try fresh.next()?.rows
        #expect(rest == nil, "\(name) behind \(rows ?? 0) rows")
      }
    }
  }

  /// A table may be its header alone, and a header's line need not end.
  @Test(arguments: ["a,b", "a,b\n", "a,b\r\n", "\n\na,b", "\"a\",\"b\"", "a,b\n\n", "a,\"b\"\n"])
  func headersAlone(_ text: String) throws {
    let folder = try TableFolder()
    let bytes = Array(text.utf8)
    for hasQuotes in [true, false] where hasQuotes || !text.contains("\"") {
      for threads in [1, 3] {
        var options = TableOptions()
        options.threads = threads
        if !hasQuotes { options.quote = nil }
        let readers = [
          try TableReader(path: try folder.file("a.csv", bytes), options: options),
          try TableReader(name: "a.csv", options: options) { DripSource("a.csv", bytes, step: 1) },
        ]
        for reader in readers {
          #expect(reader.schema.fields.map(\.name) == ["a", "b"])
          var cursor = try reader.cursor()
          let rows = try cursor.next()?.rows
          #expect(rows == nil)
        }
        let loaded = try TableReader.load(path: folder.file("a.csv", bytes), options: options)
        #expect(loaded.batches.allSatisfy { $0.rows == 0 })
      }
    }
  }

  @Test func savedPositionsOfStreams() throws {
    let bytes = Self.text(20_000, seed: 2)
    var options = TableOptions()
    options.batchRows = 64
    let reader = try TableReader(name: "a.csv", options: options) {
      DripSource("a.csv", bytes, step: 1000)
    }
    var cursor = try reader.cursor()
    var states: [CursorState] = []
    var batches: [Batch] = []
    while true {
      states.append(cursor.state)
      guard let batch = try cursor.next() else { break }
      batches.append(batch)
    }
    for (number, state) in states.enumerated() {
      var other = try reader.cursor()
      try other.restore(state)
      let batch = try other.next()
      #expect(batch?.firstRow == (number < batches.count ? batches[number].firstRow : nil))
      if let batch {
        let same = TableRows(reader.schema, [batch], BadRows())
        #expect(same == TableRows(reader.schema, [batches[number]], BadRows()))
      }
    }
    #expect(throws: DSXError.self) { try cursor.restore(CursorState(row: 1, byte: 23)) }
  }

  /// Threads guess where rows begin; texts of several chunks, with and without faults.
  @Test(arguments: [(3, false), (4, true)])
  func threadsChangeNothing(_ seed: UInt64, _ faults: Bool) throws {
    let folder = try TableFolder()
    var bytes = Self.text(120_000, seed: seed, faults: faults)
    let header = try #require(bytes.firstIndex(of: 0x0a)) + 1
    let body = bytes[header...]
    // A long quoted field lies over a boundary of chunks.
    for _ in 0..<7 { bytes += body }
    let field =
      Array("\"".utf8) + Array(repeating: Array("1,2\n".utf8), count: 60_000).joined()
      + Array("\"\n".utf8)
    bytes += Array("7,7,7,".utf8) + field
    for _ in 0..<4 { bytes += body }
    let path = try folder.file("a.csv", bytes)
    var options = TableOptions()
    options.onBadRow = faults ? .skip : .refuse
    let single = try TableRows.stream(path, options)
    #expect(single.badRows > 0 || !faults)
    options.threads = 3
    #expect(try TableRows.stream(path, options) == single)
    #expect(try TableRows.load(path, options) == single)
    options.threads = 1
    #expect(try TableRows.load(path, options) == single)
  }
}
