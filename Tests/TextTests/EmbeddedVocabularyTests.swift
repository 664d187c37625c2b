import DSXCore
import Testing

@testable import Text

/// Vocabularies as lists, as GGUF files carry them.
@Suite struct EmbeddedVocabularyTests {
  /// All bytes in GPT-2's alphabet, a few merges, special tokens at both ends.
  private static func lists() -> EmbeddedVocabulary {
    var tokens = ["<|end|>"]
    tokens += (UInt8.min...UInt8.max).map {
      String(decoding: ByteAlphabet.spell([$0]), as: UTF8.self)
    }
    tokens += ["he", "ll", "hell", "hello", "Ġhello", "12", "<tool>", "<|im|>"]
    var lists = EmbeddedVocabulary(model: .bytePairs, tokens: tokens)
    lists.merges = ["h e", "l l", "he ll", "hell o", "Ġ hello", "1 2"]
    lists.kinds = tokens.map {
      $0 == "<tool>" ? .userDefined : $0.hasPrefix("<|") ? .control : .normal
    }
    lists.roles = [.eos: 0]
    return lists
  }

  private static func ids(_ lists: EmbeddedVocabulary, _ text: String) throws -> [String] {
    let tokenizer = try HuggingFaceTokenizer(lists)
    var encoder = tokenizer.makeEncoder()
    return encoder.encode(text).map { tokenizer.piece(of: $0) ?? "?" }
  }

  @Test func bytePairs() throws {
    var lists = Self.lists()
    lists.preTokenizer = "gpt-2"
    #expect(try Self.ids(lists, "hello hello12") == ["hello", "Ġhello", "12"])
    lists.preTokenizer = "smollm"
    #expect(try Self.ids(lists, "hello12") == ["hello", "1", "2"])
    #expect(try Self.ids(lists, "<|end|>hello<tool>") == ["<|end|>", "hello", "<tool>"])
    let tokenizer = try HuggingFaceTokenizer(lists)
    var plain = tokenizer.makePlainTextEncoder()
    #expect(plain.encode("<|end|>").count == 7)
    #expect(plain.encode("<tool>") == [tokenizer.id(of: "<tool>") ?? -1])
    #expect(tokenizer.specialTokens.id(.eos) == 0)
    #expect(tokenizer.specialTokens.additional.map(\.content) == ["<|im|>"])
    #expect(try tokenizer.decode(tokenizer.encode("hello\n12").ids) == "hello\n12")
  }

  @Test(arguments: [nil, "default", "llama-bpe", "qwen2", "gpt-4o", "chatglm-bpe"])
  func rules(_ name: String?) throws {
    var lists = Self.lists()
    lists.preTokenizer = name
    #expect(try Self.ids(lists, "hello hello 12").joined() == "helloĠhelloĠ12")
    #expect(try Self.ids(lists, "hello hello").last == "Ġhello")
  }

  @Test func sentencePieces() throws {
    var tokens = ["<unk>", "<s>", "</s>"]
    tokens += (UInt8.min...UInt8.max).map { ByteFallback.spelling($0) }
    tokens += ["▁", "h", "i", "hi", "▁hi"]
    var lists = EmbeddedVocabulary(model: .sentencePieces, tokens: tokens)
    lists.kinds = tokens.indices.map { id in
      id == 0 ? .unknown : id < 3 ? .control : id < 259 ? .byte : .normal
    }
    lists.scores = tokens.indices.map { -Double($0) }
    lists.roles = [.unknown: 0, .bos: 1, .eos: 2]
    #expect(try Self.ids(lists, "hi") == ["▁hi"])
    #expect(try Self.ids(lists, "hié") == ["▁hi", "<0xC3>", "<0xA9>"])
    lists.addsSpacePrefix = false
    #expect(try Self.ids(lists, "hi") == ["hi"])
    #expect(try HuggingFaceTokenizer(lists).decode([263]) == " hi")
  }

  @Test func refusals() throws {
    var lists = Self.lists()
    lists.preTokenizer = "unheard-of"
    #expect(throws: DSXError.self) { try HuggingFaceTokenizer(lists) }
    lists = Self.lists()
    lists.kinds.removeLast()
    #expect(throws: DSXError.self) { try HuggingFaceTokenizer(lists) }
    lists = Self.lists()
    lists.merges.append("h zzz")
    #expect(throws: DSXError.self) { try HuggingFaceTokenizer(lists) }
    lists.merges = ["hello"]
    #expect(throws: DSXError.self) { try HuggingFaceTokenizer(lists) }
    lists = Self.lists()
    lists.roles[.bos] = 10_000
    #expect(throws: DSXError.self) { try HuggingFaceTokenizer(lists) }
    lists = Self.lists()
    lists.model = .sentencePieces
    #expect(throws: DSXError.self) { try HuggingFaceTokenizer(lists) }
    #expect(throws: DSXError.self) {
      try HuggingFaceTokenizer(EmbeddedVocabulary(model: .bytePairs, tokens: []))
    }
  }
}
