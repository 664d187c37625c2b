import DSXCore
@testable import Text

/// Texts that every vocabulary is tried on.
private let samples: [String] = [
  "Hello, world! It's 12:30.\n", "你好，世界。 ab\u{301}c\t\u{1f600}", "  a  ", "<s>▁x</s>", "",
]

/// A SentencePiece model: texts become ids of the vocabulary, and ids text.
func fuzzSentencePiece(_ input: UnsafeRawBufferPointer) {
  guard let tokenizer = try? SentencePieceTokenizer(input) else { return }
  var encoder = tokenizer.makeEncoder()
  for text in samples { check(encoder.encode(text), tokenizer) }
  // Words of the model itself are where its tables are used.
  let own = String(decoding: input.prefix(96), as: UTF8.self)
  check(encoder.encode(own), tokenizer)
  _ = tokenizer.normalize(own)
}

/// A tokenizer.json: texts become ids of the vocabulary, and ids text.
func fuzzTokenizerJSON(_ input: UnsafeRawBufferPointer) {
  guard let root = try? JSONParser.parse(input), let parts = try? TokenizerJSON(root).parts() else {
    return
  }
  let tokenizer = HuggingFaceTokenizer(parts)
  var encoder = tokenizer.makeEncoder()
  var plain = tokenizer.makePlainTextEncoder()
  for text in samples {
    check(encoder.encode(text), tokenizer)
    check(plain.encode(text), tokenizer)
  }
  guard let encoding = try? tokenizer.encode(samples[0], pair: samples[1], addSpecialTokens: true)
  else { return }
  let count = encoding.ids.count
  require(encoding.typeIDs.count == count, "type ids of another length")
  require(encoding.tokens.count == count, "tokens of another length")
  require(encoding.attentionMask.count == count, "a mask of another length")
}

private func check(_ ids: [Int32], _ tokenizer: any Tokenizer) {
  for id in ids {
    require(id >= 0 && id < tokenizer.vocabularySize, "an id outside of the vocabulary")
  }
  _ = try? tokenizer.decode(ids)
}

/// A pattern (the first line) and a text: matches lie in the text, from left to right.
func fuzzRegex(_ input: UnsafeRawBufferPointer) {
  let end = input.firstIndex(of: 0x0a) ?? input.count
  let pattern = String(decoding: input[..<end], as: UTF8.self)
  guard let regex = try? Regex(pattern) else { return }
  let text = Array(String(decoding: input[min(end + 1, input.count)...], as: UTF8.self).utf8)
  text.withUnsafeBytes { text in
    var last = 0
    regex.forEachMatch(text, 0..<text.count) { match in
      require(match.lowerBound >= last && match.upperBound <= text.count, "a match elsewhere")
      last = match.upperBound
    }
  }
}

private let conversation: [JSONValue] = [
  ["role": "system", "content": "S"], ["role": "user", "content": "你好"],
  ["role": "assistant", "content": "b", "tool_calls": [["name": "f", "arguments": ["x": 1]]]],
]

/// A chat template on a conversation: what is marked as an answer lies in the text.
func fuzzChatTemplate(_ input: UnsafeRawBufferPointer) {
  guard UTF8Validation.firstInvalid(input) == nil,
    let template = try? ChatTemplate(
      String(decoding: input, as: UTF8.self), specialTokens: ["bos_token": "<s>"]),
    let renderer = try? template.makeRenderer()
  else { return }
  guard let rendered = try? renderer.renderWithAnswers(conversation) else { return }
  for answer in rendered.answers {
    require(answer.upperBound <= rendered.text.count, "an answer outside of the text")
  }
}
