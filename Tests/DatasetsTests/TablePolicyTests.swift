import Archives
import DSXCore
import Datasets
import Testing

@Suite struct TablePolicyTests {
  static let dirty =
    "a,b\n1,x\n2\n3,y\"z\n4,\"q\"r\n5,w\n\n6,1,2\n7,\"m\nn\"\nx,ok\n8,\u{fffd}\n\"9\",\"open\n10,v\n"

  @Test func badRowsAreSkippedAndCounted() throws {
    let folder = try TableFolder()
    var options = TableOptions()
    options.onBadRow = .skip
    var bytes = Array(Self.dirty.utf8)
    // The replacement character becomes bytes that are no UTF-8.
    let at = try #require(bytes.firstIndex(of: 0xef))
    bytes.replaceSubrange(at..<(at + 3), with: [0xc3, 0x28])
    let path = try folder.file("a.csv", bytes)
    options.features = [Field("a", .int64)]
    let table = try TableRows.stream(path, options)
    #expect(table.rows.map { $0[0] } == ["1", "5", "7", "10"])
    #expect(table.rows[2][1] == "m\nn")
    #expect(table.badRows == 7 && table.reasons == [3, 4, 5, 8, 11, 12, 13])
    #expect(try TableRows.load(path, options) == table)
    for threads in 1...3 {
      for batch in [1, 2, 100] {
        options.threads = threads
        options.batchRows = batch
        #expect(try TableRows.stream(path, options) == table)
      }
    }
  }

  @Test func messagesSayWhereAndWhatToDo() throws {
    let folder = try TableFolder()
    let path = try folder.file("a.csv", "a,b\n1,\"x\ny\"\n2,p\"q\n".utf8)
    let error = #expect(throws: DSXError.self) { try TableReader(path: path) }
    #expect(error?.location.line == 4 && error?.location.byte == 15)
    #expect(error?.message.contains("column 'b'") == true)
    #expect(error?.hint?.contains("--on-bad-row skip") == true)
    let plain = #expect(throws: DSXError.self) { try MsDataset.cursor(path: path) }
    #expect(plain?.hint?.contains("--") == false)
  }

  @Test func rowsHaveALimit() throws {
    let folder = try TableFolder()
    var options = TableOptions()
    options.maximumRowBytes = 1000
    let long = String(repeating: "x", count: 1001)
    let path = try folder.file("a.csv", "a,b\n1,2\n3,\(long)\n".utf8)
    let error = #expect(throws: DSXError.self) { try TableReader(path: path, options: options) }
    #expect(error?.message.contains("longer") == true && error?.location.line == 3)
    options.onBadRow = .skip
    #expect(throws: DSXError.self) { try TableReader.load(path: path, options: options) }
    let lines = try folder.file("a.txt", (long + "\n").utf8)
    #expect(throws: DSXError.self) { try TableRows.stream(lines, options) }
  }

  @Test func headersAreChecked() throws {
    let folder = try TableFolder()
    let path = try folder.file("a.csv", "a,a\n1,2\n".utf8)
    #expect(throws: DSXError.self) { try TableReader(path: path) }
    var options = TableOptions()
    options.header = .none
    #expect(try TableRows.stream(path, options).names == ["column_0", "column_1"])
    options.header = .names(["x", "y"])
    #expect(try TableRows.load(path, options).rows == [["a", "a"], ["1", "2"]])
    options.header = .names(["x"])
    #expect(throws: DSXError.self) { try TableRows.load(path, options) }
    options.header = .names(["x", "x"])
    #expect(throws: DSXError.self) { try TableRows.load(path, options) }
  }

  @Test func dialects() throws {
    let folder = try TableFolder()
    var options = TableOptions()
    let path = try folder.file("a.tsv", "a\tb\n\"x\ty\"\t'z'\n".utf8)
    #expect(try TableRows.stream(path).rows == [["x\ty", "'z'"]])
    options.quote = UInt8(ascii: "'")
    #expect(throws: DSXError.self) { try TableRows.stream(path, options) }
    options.quote = nil
    let plain = try folder.file("b.tsv", "a\tb\n\"x\t'z'\n".utf8)
    #expect(try TableRows.load(plain, options).rows == [["\"x", "'z'"]])
    options.delimiter = 0x0a
    #expect(throws: DSXError.self) { try TableRows.stream(path, options) }
    options.delimiter = 0x22
    options.quote = 0x22
    #expect(throws: DSXError.self) { try TableRows.stream(path, options) }
  }

  @Test func encodings() throws {
    let folder = try TableFolder()
    let text = "名,值\n数据,1\n😀,2\n"
    let little = text.utf16.flatMap { [UInt8($0 & 0xff), UInt8($0 >> 8)] }
    let big = text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xff)] }
    let expected = [["数据", "1"], ["😀", "2"]]
    var options = TableOptions()
    for (bytes, encoding) in [
      ([0xff, 0xfe] + little, TextEncoding.automatic), ([0xfe, 0xff] + big, .automatic),
      ([0xfe, 0xff] + big, .utf16), (little, .utf16), (little, .utf16LittleEndian),
      (big, .utf16BigEndian),
    ] {
      options.encoding = encoding
      let path = try folder.file("a.csv", bytes)
      #expect(try TableRows.stream(path, options).rows == expected)
      #expect(try TableRows.load(path, options).rows == expected)
    }
    // 数据 in GB 18030, and a character of four bytes: U+1F600.
    let chinese = [0xca, 0xfd, 0xbe, 0xdd, 0x2c, 0x94, 0x39, 0xfc, 0x36, 0x0a].map { UInt8($0) }
    let path = try folder.file("g.csv", Array("a,b\n".utf8) + chinese)
    options.encoding = .gb18030
    #expect(try TableRows.stream(path, options).rows == [["数据", "😀"]])
    let bad = try folder.file("h.csv", Array("a,b\n".utf8) + [0xca, 0x0a, 0x31, 0x2c, 0x32])
    let error = #expect(throws: DSXError.self) { try TableRows.stream(bad, options) }
    #expect(error?.location.byte == 4)
    let cut = try folder.file("i.csv", Array("a,b\n1,".utf8) + [0xca])
    #expect(throws: DSXError.self) { try TableRows.stream(cut, options) }
    #expect(TextEncoding(name: "GBK") == .gb18030 && TextEncoding(name: "latin1") == nil)
  }

  @Test func lenientReadingTakesQuotesAsTheyStand() throws {
    let folder = try TableFolder()
    let path = try folder.file("a.csv", "a,b\n1,x\"y\n2,\"p\nq\"\n3\n4,\"open\n5,z\n".utf8)
    var options = TableOptions()
    options.isLenient = true
    options.onBadRow = .skip
    let table = try TableRows.stream(path, options)
    #expect(table.rows.first == ["1", "x\"y"])
    #expect(table.badRows == 1 && table.reasons == [5])
  }
}
