import DSXCore
import Testing

@testable import Text

/// Model folders and vocabulary files of every kind.
@Suite struct TokenizerFileTests {
  private func withFolder(_ files: [String: String], _ body: (String) throws -> Void) throws {
    let folder = "\(FilePath.temporaryFolder())/folder-\(UInt64.random(in: 0...UInt64.max))"
    try FilePath.makeFolder(folder)
    defer { try? FilePath.removeTree(folder) }
    for (name, text) in files { try FilePath.write(Array(text.utf8), to: folder + "/" + name) }
    try body(folder)
  }

  private let words = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nhello\nwor\n##ld\n你\n,\n"

  @Test func bertFolder() throws {
    let config =
      #"{"tokenizer_class": "BertTokenizerFast", "do_lower_case": true, "model_max_length": 512, "unk_token": "[UNK]", "cls_token": {"content": "[CLS]"}}"#
    try withFolder(["vocab.txt": words, "tokenizer_config.json": config]) { folder in
      let tokenizer = try TokenizerFile(path: folder).load()
      let encoding = try tokenizer.encode("Hello, WORLD你 x")
      #expect(encoding.tokens == ["[CLS]", "hello", ",", "wor", "##ld", "你", "[UNK]", "[SEP]"])
      #expect(encoding.ids == [2, 5, 9, 6, 7, 8, 1, 3])
      #expect(tokenizer.specialTokens.id(.classification) == 2)
      #expect(tokenizer.settings?.tokenizerClass == "BertTokenizer")
      #expect(tokenizer.settings?.modelMaxLength == 512)
      let pair = try tokenizer.encode("hello", pair: "hello", addSpecialTokens: true)
      #expect(pair.ids == [2, 5, 3, 5, 3] && pair.typeIDs == [0, 0, 0, 1, 1])
      #expect(try tokenizer.decode(encoding.ids, skipSpecialTokens: true) == "hello, world 你")
    }
  }

  @Test func bareVocabulary() throws {
    try withFolder(["vocab.txt": words, "configuration.json": "{}"]) { folder in
      let tokenizer = try TokenizerFile(path: folder).load()
      #expect(try tokenizer.encode("hello").ids == [2, 5, 3])
      #expect(try TokenizerFile(path: folder).files == [folder + "/vocab.txt"])
    }
  }

  /// "a", "b", "ab", and all single bytes.
  private var ranks: String {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    func base64(_ bytes: [UInt8]) -> String {
      let word = bytes.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - bytes.count))
      let letters = (0..<bytes.count + 1).map { String(digits[word >> (18 - 6 * $0) & 63]) }
      return letters.joined() + String(repeating: "=", count: 3 - bytes.count)
    }
    var lines = (UInt8.min...UInt8.max).map { "\(base64([$0])) \($0)" }
    lines.append("\(base64([0x61, 0x62])) 256")
    lines.append("\(base64([0x20, 0x61])) 257")
    return lines.joined(separator: "\n") + "\n"
  }

  @Test func ranksOfTiktoken() throws {
    try withFolder(["cl100k_base.tiktoken": ranks, "qwen.tiktoken": ranks, "bad.tiktoken": "x y\n"])
    {
      folder in
      let tokenizer = try TokenizerFile(path: folder + "/cl100k_base.tiktoken").load()
      var encoder = tokenizer.makeEncoder()
      #expect(encoder.encode("ab abc a") == [256, 32, 256, 99, 257])
      #expect(encoder.encode("<|endoftext|>") == [100257])
      #expect(try tokenizer.decode([256, 100257]) == "ab<|endoftext|>")
      let qwen = try TokenizerFile(path: folder + "/qwen.tiktoken").load()
      #expect(qwen.id(of: "<|im_start|>") == 259)
      #expect(throws: DSXError.self) { try TokenizerFile(path: folder + "/bad.tiktoken").load() }
    }
  }

  /// The same bytes are other ids under another name.
  @Test func whatTheNameSaysOfTheReading() throws {
    try withFolder(["cl100k_base.tiktoken": ranks, "qwen.tiktoken": ranks]) { folder in
      for name in ["cl100k_base", "qwen"] {
        let file = try TokenizerFile(path: folder + "/\(name).tiktoken")
        #expect(file.reading == name)
      }
    }
    try withFolder(["vocab.txt": words]) { folder in
      let file = try TokenizerFile(path: folder)
      #expect(file.reading == "wordpiece")
    }
  }

  @Test func chatTemplates() throws {
    let config =
      #"{"chat_template": [{"name": "default", "template": "A"}, {"name": "tools", "template": "B"}]}"#
    try withFolder(["vocab.txt": words, "tokenizer_config.json": config]) { folder in
      let settings = try #require(try TokenizerFile(path: folder).load().settings)
      #expect(settings.chatTemplate() == "A" && settings.chatTemplate("tools") == "B")
    }
    try withFolder([
      "vocab.txt": words, "tokenizer_config.json": #"{"chat_template": "A"}"#,
      "chat_template.jinja": "{{ C }}",
    ]) { folder in
      let settings = try TokenizerFile(path: folder).load().settings
      #expect(settings?.chatTemplate() == "{{ C }}")
    }
  }

  @Test func damagedConfiguration() throws {
    for config in ["[]", #"{"add_bos_token": 3}"#, #"{"added_tokens_decoder": {"x": {}}}"#, "{"] {
      try withFolder(["vocab.txt": words, "tokenizer_config.json": config]) { folder in
        do {
          _ = try TokenizerFile(path: folder).load()
          Issue.record("\(config) was taken")
        } catch let error as DSXError {
          #expect(error.location.file == folder + "/tokenizer_config.json")
        }
      }
    }
  }
}
