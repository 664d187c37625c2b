internal import DSXCore
internal import Models
internal import Text

/// A prompt with its place in the input.
struct Prompt {
  /// Its number, from 0.
  var index: Int
  /// What the model continues: behind the chat template, where one is used.
  var text: String
  /// The prompt as it came.
  var given: JSONValue
  /// The `id` of its JSON line.
  var id: JSONValue?
}

/// The prompts of the command line or of a file, one after the other.
struct PromptSource {
  private let prompts: GeneratePrompts
  private var lines: ByteLines?
  private let chat: ChatPrompts?
  private var index = 0
  /// Number of prompts, where it is known.
  let total: Int?

  init(_ prompts: GeneratePrompts, _ loaded: LoadedModel) throws(DSXError) {
    self.prompts = prompts
    chat = prompts.chat ? try ChatPrompts(prompts, folder: loaded.folder) : nil
    total = prompts.input == nil ? prompts.prompt.count : nil
    if let input = prompts.input { lines = try ByteLines(path: input == "-" ? nil : input) }
  }

  /// Closes the file.
  func close() { lines?.close() }

  /// Leaves out prompts; fewer are a fault of the file, which was longer.
  mutating func skip(_ count: Int) throws(DSXError) {
    for _ in 0..<count { _ = try next() }
  }

  /// The next prompt; nil at the end. Throws `malformed` for a line that is none.
  mutating func next() throws(DSXError) -> Prompt? {
    defer { index += 1 }
    guard prompts.input != nil else {
      guard index < prompts.prompt.count else { return nil }
      return try prompt(.string(prompts.prompt[index]), id: nil)
    }
    var found: Prompt?
    let isThere = try lines?.next { (line, number, offset) throws(DSXError) in
      do throws(DSXError) { found = try prompt(line, base: offset) } catch {
        var error = error
        if error.location.line == nil { error.location.line = number }
        throw error
      }
    }
    return isThere ?? false ? found : nil
  }

  private func prompt(_ line: UnsafeRawBufferPointer, base: Int) throws(DSXError) -> Prompt {
    guard let field = prompts.jsonField else {
      if let bad = UTF8Validation.firstInvalid(line) {
        throw DSXError(.malformed, "invalid UTF-8", byte: base + bad)
      }
      return try prompt(.string(String(decoding: line, as: UTF8.self)), id: nil)
    }
    let record = try JSONParser.parse(line, base: base)
    guard let value = record[field] else {
      throw DSXError(
        .malformed, "the line has no member '\(field)'",
        hint: "--field names the member that holds the prompt")
    }
    return try prompt(value, id: record["id"])
  }

  private func prompt(_ value: JSONValue, id: JSONValue?) throws(DSXError) -> Prompt {
    if let chat {
      return Prompt(index: index, text: try chat.text(value), given: value, id: id)
    }
    guard let text = value.string else {
      throw DSXError(
        .malformed, "the prompt is no string",
        hint: value.array == nil ? nil : "messages need --chat")
    }
    return Prompt(index: index, text: text, given: value, id: id)
  }
}
