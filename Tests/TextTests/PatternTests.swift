import DSXCore
import Testing

@testable import Text

/// Splitting patterns: the own matcher, and the scanners against it.
@Suite struct PatternTests {
  private func matches(_ pattern: String, _ text: String) throws -> [String] {
    let regex = try Regex(pattern)
    let bytes = Array(text.utf8)
    var found: [String] = []
    bytes.withUnsafeBytes { buffer in
      regex.forEachMatch(buffer, 0..<buffer.count) { range in
        found.append(String(decoding: buffer[range], as: UTF8.self))
      }
    }
    return found
  }

  @Test func constructs() throws {
    #expect(try matches("a|ab", "abab") == ["a", "a"])
    #expect(try matches("a*?b", "aabb") == ["aab", "b"])
    #expect(try matches("a++b", "aab") == ["aab"])
    #expect(try matches("(?>a|ab)c", "abc ac") == ["ac"])
    #expect(try matches(#"\s+(?!\S)|\s+"#, "a   b  ") == ["  ", " ", "  "])
    #expect(try matches("^a|b$", "a\nab\nb") == ["a", "a", "b", "b"])
    #expect(try matches(#"(?<=a)b|\bc"#, "ab cb c") == ["b", "c", "c"])
    #expect(try matches("(?i:'s|K)", "'S 'ſ \u{212a} k") == ["'S", "'ſ", "\u{212a}", "k"])
    #expect(try matches(#"[\p{L}&&[^a-z]]+"#, "abCDe你") == ["CD", "你"])
    #expect(try matches(#"\p{Han}{2}"#, "你好吗世界") == ["你好", "吗世"])
    #expect(try matches("(ab){2,3}", "abababab") == ["ababab"])
    #expect(try matches(#"\x{4e00}|\u4e8c"#, "一二三") == ["一", "二"])
    #expect(try matches("x*", "axb") == ["", "x", ""])
    #expect(try matches(#"[^(\s|[.,])]+"#, "ab(c.d e") == ["ab", "c", "d", "e"])
  }

  /// Patterns whose trees are as deep as they are long are refused, or read without a stack as deep.
  @Test func longPatterns() throws {
    func repeated(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }
    let refused = [
      "x" + repeated("{1}", 40), "x" + repeated("{1}", 200_000), repeated("(", 1000),
      repeated("a|", 100_000),
      "[" + repeated("a&&", 5000) + "a]", repeated("[", 1000),
    ]
    for pattern in refused {
      #expect(throws: DSXError.self, "\(pattern.prefix(20))") { try Regex(pattern) }
    }
    #expect(try matches(repeated("a?", 5000) + "b", "aab") == ["aab"])
    #expect(try matches("a?b?", "ab") == ["ab"])
    #expect(try matches("(?:a|b?)c", "bc") == ["bc"])
  }

  /// A pattern that explodes stops within its steps.
  @Test func limits() throws {
    #expect(try matches("(a|a|aa)+$", String(repeating: "a", count: 60) + "b").count <= 61)
  }

  /// Random text with everything that the patterns tell apart.
  private func text(_ random: inout PCG64) -> [UInt8] {
    let parts = [
      "a", "B", "don't", "'LL", "'S", "'ſ", "'", " ", "  ", "\n", "\r\n", "\t", "1", "234", "½",
      "你", "好，", "é", "e\u{301}", "😀", "!", "?!", "/", "\u{3000}", "\u{85}", "-", "٣", "ǅ", "_",
    ]
    var bytes: [UInt8] = []
    for _ in 0..<random.bounded(24) {
      bytes += Array(parts[Int(random.bounded(UInt32(parts.count)))].utf8)
    }
    return bytes
  }

  @Test func scannersAgree() throws {
    var random = PCG64(seed: 42)
    var patterns = CL100KSplitter.patterns.map(\.0)
    patterns.append(PieceScanner.gpt2Pattern)
    for pattern in patterns {
      let scanner = try #require(PieceScanner(pattern: pattern))
      let regex = TextPattern.regex(try Regex(pattern))
      for _ in 0..<400 {
        let bytes = text(&random)
        var mine: [Range<Int>] = []
        var theirs: [Range<Int>] = []
        bytes.withUnsafeBytes { buffer in
          TextPattern.scanner(scanner).forEachMatch(buffer, 0..<buffer.count) { mine.append($0) }
          regex.forEachMatch(buffer, 0..<buffer.count) { theirs.append($0) }
        }
        #expect(mine == theirs, "\(String(decoding: bytes, as: UTF8.self)) \(pattern)")
      }
    }
  }

  /// The generated tables against the Swift library's own data, up to the generated Unicode version.
  @Test func unicodeTables() {
    var wrong = 0
    for code in stride(from: UInt32(0), to: 0x30000, by: 3) {
      guard let scalar = Unicode.Scalar(code) else { continue }
      if scalar.properties.isWhitespace != UnicodeTables.has(code, .space) { wrong += 1 }
      if scalar.properties.generalCategory == .lowercaseLetter,
        scalar.properties.age.map({ $0.major <= 16 }) ?? false,
        UnicodeTables.category[code] != UnicodeTables.Category.ll.rawValue
      {
        wrong += 1
      }
    }
    #expect(wrong == 0)
  }

  /// Ids-only encoding and encoding with places go different ways to the same ids.
  @Test func bothWaysAgree() throws {
    let folder = FilePath.join(
      FilePath.split(FilePath.split(FilePath.split(#filePath).folder).folder).folder,
      "Tests/Fixtures/golden/tokenizers/models")
    var random = PCG64(seed: 5)
    let names = try FilePath.list(folder).filter { !$0.contains("_cut") && !$0.contains("_pad") }
    for name in names where name.hasSuffix(".json") {
      let tokenizer = try HuggingFaceTokenizer(tokenizerJSON: FilePath.join(folder, name))
      var encoder = tokenizer.makeEncoder()
      for _ in 0..<12 {
        let line = String(decoding: text(&random) + text(&random), as: UTF8.self)
        let whole = try tokenizer.encode(line, pair: nil, addSpecialTokens: false)
        #expect(encoder.encode(line) == whole.ids, "\(name) \(line)")
      }
    }
  }

  /// Truncated and flipped files are errors or tokenizers, never crashes.
  @Test func damagedFiles() throws {
    let file = try tokenizerFileBytes()
    var random = PCG64(seed: 9)
    for round in 0..<150 {
      var bytes = file
      if round % 3 == 0 {
        bytes.removeLast(Int(random.bounded(UInt32(bytes.count))))
      } else {
        for _ in 0..<1 + random.bounded(3) {
          bytes[Int(random.bounded(UInt32(bytes.count)))] = UInt8(random.bounded(256))
        }
      }
      do throws(DSXError) {
        let parts = try TokenizerJSON(JSONParser.parse(bytes)).parts()
        var encoder = HuggingFaceTokenizer(parts).makeEncoder()
        _ = encoder.encode("hello 世界 <s>")
      } catch { #expect(error.code.exitCode == .badInput) }
    }
  }

  private func tokenizerFileBytes() throws -> [UInt8] {
    let root: JSONValue = [
      "version": "1.0",
      "added_tokens": [["id": 4, "content": "<s>", "special": true, "normalized": false]],
      "normalizer": [
        "type": "Sequence",
        "normalizers": [
          ["type": "NFKC"],
          ["type": "Replace", "pattern": ["Regex": "[a-c]+"], "content": "x"],
        ],
      ],
      "pre_tokenizer": [
        "type": "Metaspace", "replacement": "▁", "prepend_scheme": "first", "split": true,
      ],
      "post_processor": [
        "type": "TemplateProcessing", "single": [["Sequence": ["id": "A", "type_id": 0]]],
        "pair": [["Sequence": ["id": "B", "type_id": 1]]],
        "special_tokens": ["<s>": ["id": "<s>", "ids": [4], "tokens": ["<s>"]]],
      ],
      "decoder": ["type": "Metaspace", "replacement": "▁", "prepend_scheme": "first"],
      "model": [
        "type": "Unigram", "unk_id": 0,
        "vocab": [["<unk>", 0], ["▁", -2.5], ["h", -3], ["ello", -4]],
      ],
    ]
    return Array(root.text().utf8)
  }
}
