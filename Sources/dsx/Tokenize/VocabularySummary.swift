internal import DSXCore
internal import Text

/// What a vocabulary is, for people and as JSON: `dsx tokenize --show`.
struct VocabularySummary {
  private let members: [JSONValue.Member]

  /// Of a vocabulary that was read from `file`.
  init(_ tokenizer: any Tokenizer, _ file: TokenizerFile) {
    var members: [JSONValue.Member] = [
      .init("kind", .string(Self.kind(tokenizer, file))),
      .init("files", .array(file.files.map { .string(FilePath.split($0).name) })),
      .init("vocabulary_size", .int(Int64(tokenizer.vocabularySize))),
    ]
    let special = tokenizer.specialTokens
    for role in SpecialTokens.Role.allCases {
      guard let token = special[role] else { continue }
      members.append(.init(role.rawValue, Self.token(token)))
    }
    if !special.additional.isEmpty {
      members.append(
        .init("additional_special_tokens", .array(special.additional.map(Self.token))))
    }
    if let tokenizer = tokenizer as? HuggingFaceTokenizer {
      for (part, name) in tokenizer.partNames { members.append(.init(part, .string(name))) }
      members.append(.init("added_tokens", .int(Int64(tokenizer.addedTokens.count))))
    }
    if let settings = tokenizer.settings {
      if let name = settings.tokenizerClass {
        members.append(.init("tokenizer_class", .string(name)))
      }
      if let length = settings.modelMaxLength {
        members.append(.init("model_max_length", .int(Int64(length))))
      }
      if !settings.chatTemplates.isEmpty {
        members.append(
          .init("chat_templates", .array(settings.chatTemplates.map { .string($0.name) })))
      }
    }
    self.members = members
  }

  private static func kind(_ tokenizer: any Tokenizer, _ file: TokenizerFile) -> String {
    if let model = tokenizer as? SentencePieceTokenizer {
      return "SentencePiece \(model.kind.rawValue)"
    }
    return switch file.format {
    case .sentencePiece: "SentencePiece"
    case .tokenizerJSON: "Hugging Face tokenizer.json"
    case .vocabularyAndMerges: "byte-level BPE, vocab.json and merges.txt"
    case .wordPieces: "WordPiece, vocab.txt"
    case .ranks: "tiktoken ranks"
    }
  }

  private static func token(_ token: SpecialToken) -> JSONValue {
    ["content": .string(token.content), "id": token.id.map { .int(Int64($0)) } ?? .null]
  }

  /// The text to print, with a line feed at its end.
  func text(_ format: TokenizeFormat) -> String {
    guard format == .text else { return JSONValue.object(members).text(.indented) + "\n" }
    var text = ""
    for member in members {
      let value: String
      if let string = member.value.string {
        value = string
      } else if let token = Self.line(member.value) {
        value = token
      } else if let list = member.value.array {
        let shown = list.prefix(8).map { $0.string ?? Self.line($0) ?? $0.text() }
        value = shown.joined(separator: ", ") + (list.count > 8 ? ", … (\(list.count))" : "")
      } else {
        value = member.value.text()
      }
      text += "\(member.name): \(value)\n"
    }
    return text
  }

  private static func line(_ token: JSONValue) -> String? {
    guard let content = token["content"]?.string else { return nil }
    return token["id"]?.int.map { "\(content) (\($0))" } ?? "\(content) (not in the vocabulary)"
  }
}
