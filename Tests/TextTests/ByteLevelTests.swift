import DSXCore
import Testing

@testable import Text

/// A small vocabulary: all bytes, then one piece for each merge.
func smallVocabulary(_ merges: [(String, String)]) -> JSONValue {
  var members: [JSONValue.Member] = []
  for byte in UInt8.min...UInt8.max {
    members.append(
      .init(String(decoding: ByteAlphabet.spell([byte]), as: UTF8.self), .int(Int64(byte))))
  }
  for merge in merges where !members.contains(where: { $0.name == merge.0 + merge.1 }) {
    members.append(.init(merge.0 + merge.1, .int(Int64(members.count))))
  }
  return .object(members)
}

/// A `tokenizer.json` around it; `change` may damage it.
func tokenizerFile(
  _ merges: [(String, String)], added: [JSONValue] = [],
  _ change: (inout [String: JSONValue], inout [String: JSONValue]) -> Void = { _, _ in }
) throws -> HuggingFaceTokenizer {
  var model: [String: JSONValue] = [
    "type": "BPE", "vocab": smallVocabulary(merges),
    "merges": .array(merges.map { .string($0.0 + " " + $0.1) }),
  ]
  var root: [String: JSONValue] = [
    "version": "1.0", "added_tokens": .array(added), "normalizer": .null,
    "pre_tokenizer": ["type": "ByteLevel", "add_prefix_space": false],
    "decoder": ["type": "ByteLevel"],
  ]
  change(&root, &model)
  func object(_ table: [String: JSONValue]) -> JSONValue {
    .object(table.sorted { $0.key < $1.key }.map { .init($0.key, $0.value) })
  }
  if root["model"] == nil { root["model"] = object(model) }
  let path = "\(FilePath.temporaryFolder())/tokenizer-\(UInt64.random(in: 0...UInt64.max)).json"
  try FilePath.write(Array(object(root).text().utf8), to: path)
  defer { try? FilePath.removeTree(path) }
  return try HuggingFaceTokenizer(tokenizerJSON: path)
}

extension FilePath {
  static func temporaryFolder() -> String {
    let path = "/tmp/dsx-text-tests"
    try? makeFolder(path)
    return path
  }
}

@Suite struct ByteLevelTests {
  static let merges = [("h", "e"), ("l", "l"), ("he", "ll"), ("Ġ", "w"), ("hell", "o"), ("a", "a")]

  private func pieces(_ text: String) -> [String] {
    let splitter = GPT2Splitter()
    let bytes = Array(text.utf8)
    return bytes.withUnsafeBytes { buffer in
      var result: [String] = []
      var start = 0
      while start < buffer.count {
        let end = splitter.pieceEnd(buffer, from: start)
        result.append(String(decoding: buffer[start..<end], as: UTF8.self))
        start = end
      }
      return result
    }
  }

  @Test func splitting() {
    #expect(pieces("Hello world") == ["Hello", " world"])
    #expect(pieces("it's we'll 're 'S") == ["it", "'s", " we", "'ll", " '", "re", " '", "S"])
    #expect(pieces("a  b") == ["a", " ", " b"])
    #expect(pieces("a \n\n b  ") == ["a", " \n\n", " b", "  "])
    #expect(pieces("a\n\nb") == ["a", "\n", "\n", "b"])
    #expect(pieces("a\u{3000}\u{3000}b") == ["a", "\u{3000}", "\u{3000}", "b"])
    #expect(pieces("你好，世界 12½") == ["你好", "，", "世界", " 12½"])
    #expect(pieces("e\u{301}x") == ["e", "\u{301}", "x"])
    #expect(pieces("\u{1F600}a") == ["\u{1F600}", "a"])
    #expect(pieces("") == [])
  }

  @Test func splittingEndsOnInvalidBytes() {
    var random = PCG64(seed: 1)
    let splitter = GPT2Splitter()
    for _ in 0..<2_000 {
      let bytes = (0..<20).map { _ in UInt8(random.bounded(256)) }
      bytes.withUnsafeBytes { buffer in
        var start = 0
        while start < buffer.count {
          let end = splitter.pieceEnd(buffer, from: start)
          #expect(end > start && end <= buffer.count)
          start = end
        }
      }
    }
  }

  /// The generated runs against the Swift library's own data, up to Unicode 16.0.
  @Test func unicodeClasses() {
    let table = UnicodeClassTable.shared
    var wrong: [UInt32] = []
    for code in UInt32(0)..<0x110000 {
      guard let scalar = Unicode.Scalar(code) else { continue }
      let properties = scalar.properties
      let isNew = properties.age.map { $0.major > 16 } ?? false
      let expected: UnicodeClass
      switch properties.generalCategory {
      case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
        expected = isNew ? .other : .letter
      case .decimalNumber, .letterNumber, .otherNumber: expected = isNew ? .other : .number
      default: expected = properties.isWhitespace ? .space : .other
      }
      if table.rawClass(code) != expected.rawValue { wrong.append(code) }
    }
    #expect(wrong.isEmpty)
  }

  @Test func mergesByRank() throws {
    let tokenizer = try tokenizerFile(Self.merges)
    var encoder = tokenizer.makeEncoder()
    func spell(_ text: String) -> [String] {
      encoder.encode(text).map { tokenizer.piece(of: $0) ?? "?" }
    }
    #expect(spell("hello world") == ["hello", "Ġw", "o", "r", "l", "d"])
    #expect(spell("aaaaa") == ["aa", "aa", "a"])
    #expect(spell("") == [])
    #expect(try tokenizer.decode(encoder.encode("hello 世界\n")) == "hello 世界\n")
    #expect(tokenizer.id(of: "Ġw") == encoder.encode(" w").first)
    #expect(tokenizer.piece(of: -1) == nil && tokenizer.piece(of: 99_999) == nil)
    #expect(throws: DSXError.self) { try tokenizer.decode([99_999]) }
  }

  /// A merge that comes twice has its last rank, as in tokenizers 0.23.3.
  @Test func mergeThatComesTwice() {
    var symbols: [Int32] = [1, 2, 3]
    var merger = BytePairMerger(MergeTable([(1, 2, 10), (2, 3, 11), (1, 2, 10)]))
    merger.merge(&symbols)
    #expect(symbols == [1, 11])
  }

  /// Scan and heap give the same symbols on random merges and texts.
  @Test func scanAndHeapAgree() {
    var random = PCG64(seed: 7)
    for _ in 0..<300 {
      var merges: [(left: Int32, right: Int32, merged: Int32)] = []
      for merged in Int32(4)..<40 {
        merges.append(
          (Int32(random.bounded(UInt32(merged))), Int32(random.bounded(UInt32(merged))), merged))
      }
      var merger = BytePairMerger(MergeTable(merges))
      let symbols = (0..<random.bounded(200) + 2).map { _ in Int32(random.bounded(4)) }
      var (scan, heap) = (symbols, symbols)
      merger.mergeByScan(&scan)
      merger.mergeByHeap(&heap)
      #expect(scan == heap)
    }
  }

  /// Many different pieces: the cache fills, is emptied, and changes no id.
  @Test func cacheChangesNothing() throws {
    let tokenizer = try tokenizerFile(Self.merges)
    var long = tokenizer.makeEncoder()
    var random = PCG64(seed: 3)
    var texts: [String] = []
    for _ in 0..<20_000 {
      let word = (0..<6).map { _ in String(UnicodeScalar(97 + UInt8(random.bounded(26)))) }
      texts.append(word.joined())
    }
    for text in texts { _ = long.encode(text) }
    for text in texts.prefix(50) + texts.suffix(50) {
      var fresh = tokenizer.makeEncoder()
      #expect(long.encode(text) == fresh.encode(text))
    }
  }

  /// A megabyte of one letter run takes the heap and comes back in bounded time.
  @Test func longRun() throws {
    let tokenizer = try tokenizerFile(Self.merges)
    var encoder = tokenizer.makeEncoder()
    let ids = encoder.encode(String(repeating: "hello", count: 4_000))
    #expect(ids.count == 4_000 && Set(ids).count == 1)
  }

  @Test func addedTokens() throws {
    let special: JSONValue = ["id": 262, "content": "<s>", "special": true, "normalized": false]
    let wide: JSONValue = [
      "id": 263, "content": "<m>", "lstrip": true, "rstrip": true, "normalized": false,
    ]
    let tokenizer = try tokenizerFile(Self.merges, added: [special, wide])
    var encoder = tokenizer.makeEncoder()
    var plain = tokenizer.makePlainTextEncoder()
    #expect(encoder.encode("<s>") == [262])
    #expect(plain.encode("<s>").count == 3)
    #expect(encoder.encode("a \u{3000}<m> \n b") == [97, 263, 98])
    #expect(plain.encode("a<m>b") == [97, 263, 98])
    #expect(try tokenizer.decode([97, 262]) == "a<s>")
    #expect(try tokenizer.decode([97, 262], skipSpecialTokens: true) == "a")
    let encoding = try tokenizer.encode("世<s>b")
    #expect(encoding.offsets == [0..<1, 0..<1, 0..<1, 1..<4, 4..<5])
    #expect(encoding.wordIDs == [0, 0, 0, 1, 2])
  }

  @Test func prefixSpace() throws {
    let tokenizer = try tokenizerFile(Self.merges) { root, _ in
      root["pre_tokenizer"] = ["type": "ByteLevel", "add_prefix_space": true]
    }
    var encoder = tokenizer.makeEncoder()
    #expect(encoder.encode("w") == encoder.encode(" w"))
    #expect(encoder.encode("") == [])
    #expect(try tokenizer.encode("\nfoo").offsets.prefix(2) == [0..<1, 0..<1])
  }

  @Test func withoutPattern() throws {
    let tokenizer = try tokenizerFile([("a", "Ġ"), ("aĠ", "b")]) { root, _ in
      root["pre_tokenizer"] = ["type": "ByteLevel", "add_prefix_space": false, "use_regex": false]
    }
    var encoder = tokenizer.makeEncoder()
    #expect(encoder.encode("a b").map { tokenizer.piece(of: $0) } == ["aĠb"])
  }
}

@Suite struct ByteLevelErrorTests {
  private func code(_ change: (inout [String: JSONValue], inout [String: JSONValue]) -> Void)
    -> DSXError.Code?
  {
    do {
      _ = try tokenizerFile(ByteLevelTests.merges, change)
      return nil
    } catch let error as DSXError {
      #expect(error.location.file != nil && error.code.exitCode == .badInput)
      return error.code
    } catch { return nil }
  }

  @Test func unsupportedParts() {
    #expect(code { root, _ in root["normalizer"] = ["type": "NFX"] } == .unsupported)
    #expect(code { root, _ in root["normalizer"] = ["type": "NFC", "form": 2] } == .unsupported)
    #expect(code { root, _ in root["pre_tokenizer"] = ["type": "UnicodeScripts"] } == .unsupported)
    #expect(code { root, _ in root["post_processor"] = ["type": "Other"] } == .unsupported)
    #expect(code { root, _ in root["decoder"] = ["type": "Other"] } == .unsupported)
    #expect(code { root, _ in root["version"] = "2.0" } == .unsupported)
    #expect(code { root, _ in root["extra"] = 1 } == .unsupported)
    #expect(code { _, model in model["type"] = "Other" } == .unsupported)
    #expect(code { _, model in model["extra"] = 1 } == .unsupported)
    for pattern in [
      "(a)\\1", "\\p{Nonsense}", "(?<=ab)c", "[[:alpha:]]", "(?i:ss)", "\\X", "(a*)*",
    ] {
      let fault = code { root, _ in
        root["pre_tokenizer"] = [
          "type": "Split", "pattern": ["Regex": .string(pattern)], "behavior": "Isolated",
          "invert": false,
        ]
      }
      #expect(fault == .unsupported, "\(pattern)")
    }
    #expect(code { root, _ in root["pre_tokenizer"] = .null } == nil)
    #expect(code { _, model in model["dropout"] = 0.1 } == nil)
    #expect(code { root, _ in root["post_processor"] = ["type": "ByteLevel"] } == nil)
  }

  @Test func damagedParts() {
    #expect(code { root, _ in root["model"] = 5 } == .malformed)
    #expect(code { root, _ in root["pre_tokenizer"] = ["type": "Metaspace"] } == .malformed)
    #expect(code { root, _ in root["normalizer"] = ["type": "Strip"] } == .malformed)
    #expect(code { root, _ in root["truncation"] = ["max_length": 8] } == .malformed)
    #expect(code { _, model in model["unk_token"] = "<none>" } == nil)
    #expect(code { _, model in model["dropout"] = 2.0 } == .malformed)
    #expect(code { _, model in model["vocab"] = ["a": 0] } == .malformed)
    #expect(code { _, model in model["vocab"] = ["a": "x"] } == .malformed)
    #expect(code { _, model in model["vocab"] = ["a": -1] } == .malformed)
    #expect(code { _, model in model["vocab"] = ["a": 99_999_999_999] } == .malformed)
    #expect(code { _, model in model["vocab"] = ["a": 0, "b": 0] } == .malformed)
    #expect(code { _, model in model["merges"] = ["h zz"] } == .malformed)
    #expect(code { _, model in model["merges"] = ["he"] } == .malformed)
    #expect(code { _, model in model["merges"] = [["h"]] } == .malformed)
    #expect(code { _, model in model["merges"] = .null } == .malformed)
    #expect(
      code { root, _ in root["added_tokens"] = [["id": 7, "content": "a"]] } == .malformed)
    #expect(
      code { root, _ in root["added_tokens"] = [["id": -7, "content": "<q>"]] } == .malformed)
  }

  @Test func olderFiles() throws {
    let folder = FilePath.temporaryFolder()
    let (vocabulary, merges) = (folder + "/older-vocab.json", folder + "/older-merges.txt")
    defer {
      try? FilePath.removeTree(vocabulary)
      try? FilePath.removeTree(merges)
    }
    try FilePath.write(
      Array(smallVocabulary(ByteLevelTests.merges).text().utf8), to: vocabulary)
    let lines = ByteLevelTests.merges.map { "\($0.0) \($0.1)\r\n" }.joined()
    try FilePath.write(Array(("#version: 0.2\n" + lines).utf8), to: merges)
    let tokenizer = try HuggingFaceTokenizer(vocabulary: vocabulary, merges: merges)
    var encoder = tokenizer.makeEncoder()
    var other = try tokenizerFile(ByteLevelTests.merges).makeEncoder()
    #expect(encoder.encode("hello world") == other.encode("hello world"))
    for text in ["h e x\n", "h\n", " h\n", "h \n", "h e\n\nl l\n"] {
      try FilePath.write(Array(text.utf8), to: merges)
      #expect(throws: DSXError.self) {
        try HuggingFaceTokenizer(vocabulary: vocabulary, merges: merges)
      }
    }
    #expect(throws: DSXError.self) {
      try HuggingFaceTokenizer(vocabulary: folder + "/none.json", merges: merges)
    }
  }
}
