import DSXCore
import Testing

@testable import Text

/// Models of all kinds: properties, sampling, and damage.
@Suite struct SentencePieceModelsTests {
  static let folder = SentencePieceTests.package + "/Tests/Fixtures/golden/sentencepiece/models"

  static func open(_ name: String) throws -> SentencePieceTokenizer {
    try SentencePieceTokenizer(path: "\(folder)/\(name).model")
  }

  static let parts = [
    "the", " ", "  ", "中国", "春", "花秋月", "ab", "abc", "é", "e\u{301}", "\u{2581}", "9", "。", "𠮷",
    "\t",
    "\u{3000}", "library", "ꙮ", "\u{0}",
  ]

  static func text(_ random: inout PCG64) -> String {
    var text = ""
    for _ in 0..<random.bounded(14) { text += parts[Int(random.bounded(UInt32(parts.count)))] }
    return text
  }

  /// Tokens agree with the encoder, their pieces are the normalised text, their ranges go forward.
  @Test(arguments: [
    "word_identity", "char_uds", "uni_suffix", "uni_rules", "uni_uds_bf", "uni_ties", "bpe_unused",
    "bpe_keepspaces_digits", "uni_nmt_nfkc_cf",
  ])
  func tokensAgree(_ name: String) throws {
    let tokenizer = try Self.open(name)
    var encoder = tokenizer.makeEncoder()
    var random = PCG64(seed: 21)
    for _ in 0..<60 {
      let text = Self.text(&random)
      let tokens = tokenizer.tokens(text)
      #expect(tokens.map(\.id) == encoder.encode(text), "\(text)")
      let isByte = tokens.contains { tokenizer.pieces.kinds[Int($0.id)] == .byte }
      if !isByte {
        let joined = tokens.map(\.piece).joined()
        #expect(Array(joined.utf8) == Array(tokenizer.normalize(text).utf8), "\(text)")
      }
      for (left, right) in zip(tokens, tokens.dropFirst()) {
        #expect(left.range.lowerBound <= right.range.lowerBound)
      }
      #expect(tokens.allSatisfy { $0.range.upperBound <= text.utf8.count })
      #expect(tokenizer.decode(pieces: tokens.map(\.piece)).utf8.count >= 0)
    }
  }

  /// What the cache remembers of a stretch is what float32 sums from any score before it give.
  @Test func rememberedStretchesHold() throws {
    let tokenizer = try Self.open("uni_ties")
    guard case .unigram(let vocabulary) = tokenizer.algorithm else {
      Issue.record("uni_ties is no unigram model")
      return
    }
    var random = PCG64(seed: 3)
    var certain = 0
    for _ in 0..<400 {
      let symbols = tokenizer.normalize(Self.text(&random)).unicodeScalars.prefix(9).map {
        vocabulary.characters.symbol($0.value)
      }
      guard !symbols.isEmpty else { continue }
      symbols.withUnsafeBufferPointer { symbols in
        var free = UnigramSearch()
        free.runFree(symbols, vocabulary)
        guard free.limit > 0 else { return }
        certain += 1
        for share: Float in [0, 0.1, 0.5, 0.999] {
          var score = -free.limit * share
          var exact = UnigramSearch()
          exact.run(symbols, vocabulary, &score)
          #expect(exact.ids == free.ids)
        }
      }
    }
    #expect(certain > 50)
  }

  /// The best path of the lattice is the first of the n best, which are in order and all different.
  @Test func bestPaths() throws {
    let tokenizer = try Self.open("uni_suffix")
    let best = try tokenizer.best(20, of: "the library 春花秋月")
    #expect(best.count == 20 && Set(best.map { $0.tokens.map(\.id) }).count == 20)
    for (left, right) in zip(best, best.dropFirst()) { #expect(left.score >= right.score) }
    #expect(
      try tokenizer.best(1, of: "the")[0].tokens.map(\.piece) == tokenizer.encodePieces("the"))
    #expect(try tokenizer.best(3, of: "")[0].tokens.isEmpty)
    #expect(throws: DSXError.self) { try tokenizer.best(0, of: "a") }
    #expect(throws: DSXError.self) { try tokenizer.best(513, of: "a") }
    #expect(throws: DSXError.self) { try Self.open("bpe_ties").best(2, of: "a") }
  }

  /// Samples depend on the seed alone, are ways to take the text apart, and follow alpha.
  @Test(arguments: [("uni_suffix", -1), ("uni_suffix", 8), ("bpe_nobos", -1), ("bpe_unused", -1)])
  func samples(_ name: String, _ best: Int) throws {
    let tokenizer = try Self.open(name)
    let text = "the library and the records 春花秋月"
    var first = try SentencePieceSampler(tokenizer, alpha: 0.2, best: best, seed: 5)
    var second = try SentencePieceSampler(tokenizer, alpha: 0.2, best: best, seed: 5)
    var seen: Set<[Int32]> = []
    for _ in 0..<40 {
      let ids = first.sample(text)
      #expect(ids == second.sample(text))
      #expect(try tokenizer.decode(ids) == tokenizer.decode(tokenizer.encode(text).ids))
      seen.insert(ids)
    }
    #expect(seen.count > 2)
    let plain = try tokenizer.encode(text).ids
    let sure = try tokenizer.sample(
      text, seed: 1, alpha: name.hasPrefix("uni") ? 500 : 0, best: best)
    #expect(sure == plain)
  }

  /// How often each way is drawn fits its probability.
  @Test func samplingIsFair() throws {
    let tokenizer = try SentencePieceTests.load(
      SentencePieceTests.model(
        [("<unk>", 0, 2), ("a", -1, 1), ("b", -1, 1), ("ab", -1, 1), ("▁", -1, 1)], type: 1))
    var sampler = try SentencePieceSampler(tokenizer, alpha: 1, seed: 2)
    var whole = 0
    for _ in 0..<4000 where sampler.sample("ab").count == 2 { whole += 1 }
    // exp(-2) against exp(-3).
    #expect(abs(Double(whole) / 4000 - 1 / (1 + 0.36788)) < 0.03, "\(whole)")
  }

  @Test func wrongSamplers() throws {
    for name in ["word_identity", "char_uds"] {
      #expect(throws: DSXError.self) {
        try SentencePieceSampler(Self.open(name), alpha: 1, seed: 0)
      }
    }
    let tokenizer = try Self.open("uni_suffix")
    for (alpha, best) in [(Float.nan, -1), (-1, -1), (1, 513)] {
      #expect(throws: DSXError.self) {
        try SentencePieceSampler(tokenizer, alpha: alpha, best: best, seed: 0)
      }
    }
  }

  /// Scores are brought back to 0 beyond 100,000, as the library does it: nothing overflows.
  @Test func longTexts() throws {
    let tokenizer = try SentencePieceTests.load(
      SentencePieceTests.model(
        [("<unk>", 0, 2), ("a", -30_000, 1), ("aa", -50_000, 1), ("▁", -1, 1)], type: 1))
    var encoder = tokenizer.makeEncoder()
    let ids = encoder.encode(String(repeating: "a", count: 2001))
    #expect(ids.count == 1 + 1001 && ids.filter { $0 == 2 }.count == 1000)
  }

  /// Truncated files and changed bytes: an error or another model, never a crash.
  @Test(arguments: ["word_identity", "char_bf", "uni_rules", "bpe_unused", "uni_uds_bf"])
  func damage(_ name: String) throws {
    let file = try MappedFile(path: "\(Self.folder)/\(name).model")
    let whole = withExtendedLifetime(file) { Array(file.bytes) }
    var random = PCG64(seed: 77)
    for round in 0..<20 {
      var bytes = whole
      if round < 8 {
        bytes.removeLast(1 + Int(random.bounded(UInt32(bytes.count))))
      } else {
        for _ in 0..<4 {
          bytes[Int(random.bounded(UInt32(bytes.count)))] = UInt8(random.bounded(256))
        }
      }
      do {
        let tokenizer = try SentencePieceTests.load(bytes)
        var encoder = tokenizer.makeEncoder()
        for text in ["the library 春花秋月", "abc<s>\u{fdfa} 9", Self.text(&random)] {
          _ = try tokenizer.decode(encoder.encode(text))
          _ = tokenizer.tokens(text)
        }
      } catch { #expect(error is DSXError) }
    }
  }
}
