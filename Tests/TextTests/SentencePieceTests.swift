import DSXCore
import Jieba
import Testing

@testable import Text

@Suite struct SentencePieceTests {
  static let package = FilePath.split(FilePath.split(FilePath.split(#filePath).folder).folder)
    .folder
  static let modelPath = package + "/Sources/Text/Resources/dsx_zh_en_16k.model"
  static let shipped = Result { try SentencePieceTokenizer(path: modelPath) }

  @Test func encodesAndDecodes() throws {
    let tokenizer = try Self.shipped.get()
    var encoder = tokenizer.makeEncoder()
    #expect(tokenizer.vocabularySize == 16_000)
    #expect(tokenizer.id(of: "<eot>") == 4 && tokenizer.piece(of: 4) == "<eot>")
    #expect(tokenizer.piece(of: -1) == nil && tokenizer.piece(of: 16_000) == nil)
    let ids = encoder.encode("Hello, world! 你好，世界 🙂")
    #expect(try tokenizer.decode(ids) == "Hello, world! 你好,世界 🙂")
    #expect(encoder.encode("") == [] && encoder.encode("  \t ") == [])
    #expect(throws: DSXError.self) { try tokenizer.decode([16_000]) }
  }

  /// Stretches and the short way give what one merge over the whole text gives.
  @Test func stretchesAgreeWithTheWhole() throws {
    let tokenizer = try Self.shipped.get()
    let vocabulary = try #require(tokenizer.bpe)
    var encoder = tokenizer.makeEncoder()
    var random = PCG64(seed: 11)
    let words = ["the", "configuration", "数据", "处理", "。", "1234", "XML", "é", "𠮷", "ing", " "]
    for _ in 0..<60 {
      var text = ""
      for _ in 0..<1 + random.bounded(40) {
        text += words[Int(random.bounded(UInt32(words.count)))]
      }
      var merger = BPEMerger()
      merger.symbols = tokenizer.normalize(text).unicodeScalars.map {
        let symbol = vocabulary.characters.symbol($0.value)
        return symbol < 0 ? BPEMerger.unknown : symbol
      }
      merger.mergeLong(vocabulary)
      let whole = merger.symbols.filter { $0 >= 0 }.map {
        vocabulary.characters.idOfSymbol[Int($0)]
      }
      let ids = encoder.encode(text).filter { tokenizer.pieces.kinds[Int($0)] != .byte }
      #expect(ids == whole.filter { $0 >= 0 }, "\(text)")
    }
  }

  /// The word cache of PanGuEncoder gives what encoding the joined text gives.
  @Test func panguWordsAgreeWithTheJoinedText() throws {
    let tokenizer = try Self.shipped.get()
    var homes = Homes.current()
    homes.folders.insert(Self.package, at: 0)
    let dictionary = try JiebaDictionary.load(homes: homes)
    var pangu = PanGuEncoder(dictionary: dictionary, tokenizer: tokenizer)
    var cutter = JiebaCutter(dictionary)
    var plain = tokenizer.makeEncoder()
    // Blanks in replacements (U+FDFA), literal U+2581, blanks that vanish, unknown characters.
    let parts = [
      "数据处理", " ", "\n", "\r\n", "\u{fdfa}", "\u{2581}", "\u{3000}", "\u{200b}", "¨", "Python3.11",
      "internationalization", "𠮷", "½", "\t", "，", "\u{0}",
    ]
    var random = PCG64(seed: 5)
    for _ in 0..<200 {
      var text = ""
      for _ in 0..<random.bounded(12) { text += parts[Int(random.bounded(UInt32(parts.count)))] }
      let words = cutter.words(text).map { word in
        String(
          String.UnicodeScalarView(
            word.unicodeScalars.map { $0 == " " ? "\u{2582}" : $0 == "\n" ? "\u{2583}" : $0 }))
      }
      #expect(pangu.encode(text) == plain.encode(words.joined(separator: " ")), "\(text)")
    }
  }

  @Test func damagedModelsAreErrors() throws {
    let file = try MappedFile(path: Self.modelPath)
    let whole = withExtendedLifetime(file) { Array(file.bytes) }
    var random = PCG64(seed: 9)
    for round in 0..<12 {
      var bytes = whole
      if round < 4 {
        bytes.removeLast(Int(random.bounded(UInt32(bytes.count))))
      } else {
        for _ in 0..<8 {
          bytes[Int(random.bounded(UInt32(bytes.count)))] = UInt8(random.bounded(256))
        }
      }
      // A damaged model is an error or another model, never a crash.
      do {
        let tokenizer = try bytes.withUnsafeBytes { raw throws in try SentencePieceTokenizer(raw) }
        var encoder = tokenizer.makeEncoder()
        _ = encoder.encode("数据 data \u{fdfa}")
      } catch { #expect(error is DSXError) }
    }
  }

  /// A model built field by field, so that each fault is alone.
  static func model(_ pieces: [(String, Float, UInt8)], type: UInt8 = 2, extra: [UInt8] = [])
    -> [UInt8]
  {
    func field(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
      [tag, UInt8(content.count)] + content
    }
    var bytes: [UInt8] = []
    for (text, score, kind) in pieces {
      let bits = withUnsafeBytes(of: score.bitPattern.littleEndian) { Array($0) }
      bytes += field(0x0a, field(0x0a, Array(text.utf8)) + [0x15] + bits + [0x18, kind])
    }
    return bytes + field(0x12, [0x18, type]) + extra
  }

  static func load(_ bytes: [UInt8]) throws -> SentencePieceTokenizer {
    try bytes.withUnsafeBytes { raw throws in try SentencePieceTokenizer(raw) }
  }

  @Test func faultsAreNamed() throws {
    let good: [(String, Float, UInt8)] = [
      ("<unk>", 0, 2), ("a", -1, 1), ("b", -2, 1), ("ab", 0, 1), ("▁", -3, 1),
    ]
    var encoder = try Self.load(Self.model(good)).makeEncoder()
    #expect(encoder.encode("abba") == [4, 3, 2, 1])
    // One unknown for a series, as SentencePiece has it.
    #expect(encoder.encode("xyza") == [4, 0, 1])
    let faults: [([UInt8], String)] = [
      (Self.model(good + [("a", 0, 1)]), "same text"),
      (Self.model(good + [("c", .nan, 1)]), "not finite"),
      (Self.model(good + [("", 0, 1)]), "empty"),
      (Self.model(good + [("c", 0, 9)]), "type 9"),
      (Self.model(good + [("<u>", 0, 2)]), "second unknown"),
      (Self.model(Array(good.dropFirst())), "no unknown"),
      (Self.model([("<unk>", 0, 2)], type: 1), "no pieces for text"),
      (Self.model(good + [("a\0", 0, 1)]), "zero byte"),
      (Self.model(good, extra: [0x1a, 0x04, 0x12, 0x02, 1, 2]), "character map"),
      ([], "no pieces"),
    ]
    for (bytes, message) in faults {
      let error = #expect(throws: DSXError.self) { try Self.load(bytes) }
      #expect(error?.message.contains(message) == true, "\(message): \(error?.message ?? "")")
    }
  }

  /// An unused piece takes part in merging and is taken apart at the end.
  @Test func unusedPieces() throws {
    let tokenizer = try Self.load(
      Self.model([
        ("<unk>", 0, 2), ("a", -5, 1), ("b", -6, 1), ("ab", -1, 5), ("abb", -2, 1), ("▁", -7, 1),
      ]))
    var encoder = tokenizer.makeEncoder()
    #expect(encoder.encode("ab") == [5, 1, 2])
    #expect(encoder.encode("abb") == [5, 4])
  }

  /// A user-defined symbol is found first and never merges.
  @Test func userDefinedSymbols() throws {
    let tokenizer = try Self.load(
      Self.model([
        ("<unk>", 0, 2), ("a", -5, 1), ("b", -6, 1), ("ab", -1, 1), ("bc", 0, 4), ("▁", -7, 1),
      ]))
    var encoder = tokenizer.makeEncoder()
    #expect(encoder.encode("abc") == [5, 1, 4])
    #expect(encoder.encode("ab") == [5, 3])
  }
}
