import Archives
import DSXCore
import Glibc
import Testing

@testable import Preparation

@Suite struct InputFormatTests {
  @Test(arguments: [
    ("a.txt", "text", "plain"), ("a.b/c", "text", "plain"), ("README", "text", "plain"),
    ("a.JSONL", "jsonLines", "plain"), ("a.ndjson", "jsonLines", "plain"),
    ("a.json", "json", "plain"), ("a.csv.gz", "csv", "compressed(Archives.Compression.gzip)"),
    ("a.tsv", "tsv", "plain"), ("a.gz", "text", "compressed(Archives.Compression.gzip)"),
    ("a.jsonl.zst", "jsonLines", "compressed(Archives.Compression.zstd)"),
    ("a.zip", "nil", "zip"), ("a.tar", "nil", "tar(nil)"),
    ("a.tar.gz", "nil", "tar(Optional(Archives.Compression.gzip))"),
    ("a.tgz", "nil", "tar(Optional(Archives.Compression.gzip))"), (".csv", "csv", "plain"),
    ("csv", "text", "plain"),
  ])
  func names(name: String, content: String, container: String) {
    let format = InputFormat(path: "folder.zip/" + name)
    #expect(format.content.map { "\($0)" } ?? "nil" == content)
    #expect(
      "\(format.container)".replacing("Preparation.InputFormat.Container.", with: "") == container)
  }

  @Test func choices() {
    #expect(InputFormat(path: "a.gz", choice: InputFormatChoice("jsonl")).content == .jsonLines)
    #expect(
      InputFormat(path: "a.gz", choice: InputFormatChoice("jsonl")).container == .compressed(.gzip))
    #expect(InputFormat(path: "a.dump", choice: InputFormatChoice("csv.zst")).content == .csv)
    #expect(InputFormat(path: "a.epub", choice: InputFormatChoice("txt.zip")).container == .zip)
    for name in ["", "x", "a.csv", "csv.", ".csv", "gz.csv", "pdf"] {
      #expect(InputFormatChoice(name) == nil, "\(name)")
    }
  }

  private func texts(_ path: String, _ change: (inout DocumentOptions) -> Void = { _ in }) throws
    -> [String]
  {
    var options = PreparationOptions(inputs: [path])
    options.sequenceLength = 2
    options.tail = .keep
    options.blockBytes = 64
    options.readBytes = 7
    change(&options.documents)
    let ids = try PreparationPipeline(ByteTokenizer.vocabulary, options).collect([path])
      .rows.flatMap { $0 }
    return ids.split(separator: 256, omittingEmptySubsequences: false).dropLast()
      .map { String(decoding: $0.map { UInt8(truncatingIfNeeded: $0) }, as: UTF8.self) }
  }

  private func failure(_ path: String, _ change: (inout DocumentOptions) -> Void = { _ in })
    -> DSXError?
  {
    do {
      _ = try texts(path, change)
      return nil
    } catch { return error as? DSXError }
  }

  @Test func jsonLinesAndArrays() throws {
    let folder = try TestFolder()
    let rows = [
      #"{"id": 1, "text": "one"}"#, #"{"text": "a\u0062\r\nc", "x": [1, {"text": 2}]}"#,
      #"{"text": "\"],}{"}"#, #"{"text": "字"}"#,
    ]
    let expected = ["one", "ab\nc", "\"],}{", "字"]
    let lines = try folder.write("a.jsonl", rows.joined(separator: "\r\n\n \t\n") + "\n")
    let marked = try folder.write("m.jsonl", "\u{feff}" + rows.joined(separator: "\n"))
    let array = try folder.write("a.json", "\u{feff} [" + rows.joined(separator: " ,\n") + "]\n ")
    let disguised = try folder.write("b.json", rows.joined(separator: "\n"))
    for path in [lines, marked, array, disguised] {
      #expect(try texts(path) == expected, "\(path)")
    }
    #expect(try texts(try folder.write("e.json", "[]  ")).isEmpty)
    let nested = try folder.write(
      "n.jsonl", #"{"doc": {"body": "in1"}, "a.b": "dot"}"# + "\n")
    #expect(try texts(nested) { $0.textField = "doc.body" } == ["in1"])
    #expect(try texts(nested) { $0.textField = "a.b" } == ["dot"])
  }

  @Test func rowsWithoutText() throws {
    let folder = try TestFolder()
    for (row, word) in [
      (#"{"txt": "a"}"#, "no member 'text'"), (#"{"text": 7}"#, "not a string"),
      (#"{"text": null}"#, "not a string"), ("[1]", "not a JSON object"),
      (#"{"text": "a""#, "JSON"), (#"{"text": "a"} x"#, "more after"), ("nonsense", "not JSON"),
    ] {
      let path = try folder.write("a.jsonl", "{\"text\": \"one\"}\n\n\(row)\n{\"text\": \"two\"}")
      let error = failure(path)
      #expect(error?.code == .malformed && error?.message.contains(word) == true, "\(row)")
      #expect(error?.location.line == 3 && error?.location.file == path, "\(row)")
      #expect(error?.hint?.contains("--on-bad-row skip") == true)
      #expect(try texts(path) { $0.badRow = .skip } == ["one", "two"])
    }
    for (text, word) in [
      ("[{\"text\": \"a\"},]", "lacks an element"), ("[{\"text\": \"a\"}] 1", "more after"),
      ("[{\"text\": \"a\"}", "ends too early"), ("[", "ends too early"), ("[,1]", "lacks"),
    ] {
      let error = failure(try folder.write("a.json", text))
      #expect(error?.code == .malformed && error?.message.contains(word) == true, "\(text)")
    }
  }

  @Test func csv() throws {
    let folder = try TestFolder()
    let rows = "id,text,x\r\n1,one,\n\n2,\"a \"\"b\"\"\r\nc,\n\nd\",3\r3,\" x \",\"\"\n"
    let path = try folder.write("a.csv", "\u{feff}" + rows)
    #expect(try texts(path) == ["one", "a \"b\"\nc,\n\nd", " x "])
    #expect(try texts(path) { $0.textColumn = "id" } == ["1", "2", "3"])
    let tabs = try folder.write("a.tsv", "text\tid\na,b\t1\n")
    #expect(try texts(tabs) == ["a,b"])
    let pipes = try folder.write("p.csv", "text|id\na,b|1\n")
    #expect(try texts(pipes) { $0.delimiter = UInt8(ascii: "|") } == ["a,b"])
    for (text, word, line) in [
      ("id,x\n1,2\n", "no column 'text'", 1), ("text,text\n1,2\n", "twice", 1),
      ("text\na\nb,c\n", "2 fields", 3), ("text\na\n\"b\n", "not closed", 3),
      ("text\na\nb\"c\nd\n", "quote", 3), ("text\n\"a\"b\nc\n", "quote", 2),
    ] {
      let path = try folder.write("b.csv", text)
      let error = failure(path)
      #expect(error?.code == .malformed && error?.message.contains(word) == true, "\(text)")
      #expect(error?.location.line == line, "\(text): \(error?.description ?? "")")
    }
    let bad = try folder.write("b.csv", "text\na\nb\"c\nde\"f\ng\nh,i\nxyz\n")
    #expect(try texts(bad) { $0.badRow = .skip } == ["a", "g", "xyz"])
    #expect(failure(try folder.write("e.csv", "\n\n"))?.message.contains("header") == true)
  }

  @Test func packedInputsAreTheSame() throws {
    let folder = try TestFolder()
    let text = (0..<300).map { "document \($0)" + ($0 % 7 == 0 ? "\r\n\r\n\r\n" : "\n\n") }.joined()
    let plain = try folder.write("a.txt", text)
    let expected = try texts(plain)
    try folder.write("b.md", "left out")
    try folder.write("c.jsonl", "{\"text\": \"row\"}")
    func run(_ line: String) -> Bool { system("cd '\(folder.path)' && (\(line)) 2>/dev/null") == 0 }
    for (name, line) in [
      ("a.txt.gz", "gzip -k a.txt"), ("a.txt.xz", "xz -k a.txt"), ("a.txt.bz2", "bzip2 -k a.txt"),
      ("a.txt.zst", "zstd -q -k a.txt"), ("a.zip", "zip -q a.zip b.md a.txt"),
      ("a.tar", "tar cf a.tar b.md a.txt"), ("a.tar.gz", "tar czf a.tar.gz ./a.txt"),
    ] where run(line) {
      #expect(try texts(folder.path + "/" + name) == expected, "\(name)")
    }
    guard run("zip -q two.zip c.jsonl a.txt b.md") else { return }
    #expect(try texts(folder.path + "/two.zip") == expected + ["row"])
    #expect(
      try texts(folder.path + "/two.zip") { $0.inputFormat = InputFormatChoice("txt.zip") }.count
        == expected.count + 2)
    guard run("zip -q none.zip b.md") else { return }
    #expect(failure(folder.path + "/none.zip")?.message.contains("no text") == true)
  }

  @Test func errorsInsideOfPackedInputs() throws {
    let folder = try TestFolder()
    try folder.write("bad.txt", Array("ok\n\nline\nx".utf8) + [0xff])
    guard system("cd '\(folder.path)' && zip -q a.zip bad.txt && gzip -k bad.txt") == 0 else {
      return
    }
    for (name, shown) in [("a.zip", "a.zip:bad.txt"), ("bad.txt.gz", "bad.txt.gz")] {
      let error = failure(folder.path + "/" + name)
      #expect(error?.location.file == folder.path + "/" + shown)
      #expect(error?.location.line == 4 && error?.location.byte == 10)
    }
  }

  @Test func namesThatLie() throws {
    let folder = try TestFolder()
    for (name, bytes, word) in [
      ("a.txt", [0x1f, 0x8b, 8, 0], "gzip"), ("b.txt", [0x50, 0x4b, 3, 4], "zip"),
      ("c.txt", [0xff, 0xfe, 0x61, 0], "UTF-16"), ("d.gz", Array("plain".utf8), "perhaps text"),
      ("e.xz", [0x1f, 0x8b, 8, 0], "gzip"), ("f.zip", Array("<html>".utf8), "no zip"),
      ("g.zip", [0x1f, 0x8b, 8, 0], "gzip"), ("h.tar", [0x50, 0x4b, 3, 4], "zip"),
      ("i.jsonl", Array("PAR1".utf8), "Parquet"),
    ] as [(String, [UInt8], String)] {
      let error = failure(try folder.write(name, bytes))
      #expect(error?.code == .malformed, "\(name)")
      #expect(error?.message.contains(word) == true, "\(name): \(error?.description ?? "")")
    }
  }

  @Test func rulesThatDoNotFit() throws {
    let folder = try TestFolder()
    for (name, rule) in [
      ("a.jsonl", DocumentRule.line), ("a.csv", .jsonRow), ("a.txt", .csvRow), ("a.json", .file),
    ] {
      let error = failure(try folder.write(name, "x")) { $0.rule = rule }
      #expect(error?.code == .usage, "\(name)")
    }
    let path = try folder.write("b.txt", "a b\n\nc\nd\n \ne")
    #expect(try texts(path) { $0.rule = .blankLine } == ["a b", "c\nd", "e"])
    #expect(try texts(path) { $0.rule = .line }.first == "a b")
  }
}
