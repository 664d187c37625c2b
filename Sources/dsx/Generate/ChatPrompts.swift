internal import DSXCore
internal import Models
internal import Text

/// Prompts as conversations in the model's chat template, up to where the answer begins.
struct ChatPrompts {
  private let renderer: ChatTemplate.Renderer
  private let system: String?

  /// The template of the options, else of the model's folder. Throws `usage` when there is none.
  init(_ prompts: GeneratePrompts, _ loaded: LoadedModel) throws(DSXError) {
    let folder = loaded.folder
    var tokenizer = loaded.tokenizer
    // A folder's tokenizer_config.json may hold the template.
    if tokenizer.settings?.chatTemplate() == nil, FilePath.isFolder(folder) {
      tokenizer = try TokenizerFile(path: folder).load()
    }
    var source = tokenizer.settings?.chatTemplate()
    if let path = prompts.chatTemplate {
      let file = try MappedFile(path: path)
      source = try file.withBytes { (bytes) throws(DSXError) in
        if let bad = UTF8Validation.firstInvalid(bytes) {
          throw DSXError(.malformed, "invalid UTF-8", file: path, byte: bad)
        }
        return String(decoding: bytes, as: UTF8.self)
      }
    }
    guard let source else {
      throw DSXError(
        .usage, "the model has no chat template", file: folder,
        hint: "name a file with --chat-template, or leave out --chat")
    }
    var names: [String: String] = [:]
    for role in SpecialTokens.Role.allCases {
      if let token = tokenizer.specialTokens[role] { names[role.rawValue] = token.content }
    }
    renderer = try ChatTemplate(source, specialTokens: names).makeRenderer()
    system = prompts.system
  }

  /// The text for a message of the user, or for a list of messages.
  func text(_ value: JSONValue) throws(DSXError) -> String {
    var messages: [JSONValue]
    if let text = value.string {
      guard !text.utf8.isEmpty else { return "" }
      messages = [["role": "user", "content": .string(text)]]
    } else if let list = value.array {
      messages = list
    } else {
      throw DSXError(.malformed, "the prompt is neither a string nor a list of messages")
    }
    if let system { messages.insert(["role": "system", "content": .string(system)], at: 0) }
    let rendered = try renderer.render(messages, addGenerationPrompt: true)
    return String(decoding: rendered.text, as: UTF8.self)
  }
}
