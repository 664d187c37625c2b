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
  private let reader: PromptReader
  private var lines: ByteLines?
  private var index = 0
  /// Number of prompts, where it is known.
  let total: Int?

  init(_ prompts: GeneratePrompts, _ loaded: LoadedModel) throws(DSXError) {
    self.prompts = prompts
    reader = PromptReader(
      field: prompts.jsonField,
      chat: prompts.chat ? try ChatPrompts(prompts, loaded) : nil)
    total = prompts.input == nil ? prompts.prompt.count : nil
    if let input = prompts.input { lines = try ByteLines(path: input == "-" ? nil : input) }
  }

  /// Closes the file.
  func close() { lines?.close() }

  /// Leaves out prompts that have a result.
  mutating func skip(_ count: Int) throws(DSXError) {
    for _ in 0..<count { _ = try next() }
  }

  /// The next prompt; nil at the end. Throws `malformed` for a line that is none.
  mutating func next() throws(DSXError) -> Prompt? {
    let (number, reader) = (index, reader)
    index += 1
    guard prompts.input != nil else {
      guard number < prompts.prompt.count else { return nil }
      return try reader.prompt(number, .string(prompts.prompt[number]), id: nil)
    }
    var found: Prompt?
    let isThere = try lines?.next { (line, place, offset) throws(DSXError) in
      let (line, offset) = Self.content(line, offset)
      do throws(DSXError) { found = try reader.prompt(number, line, base: offset) } catch {
        var error = error
        if error.location.line == nil { error.location.line = place }
        throw error
      }
    }
    return isThere ?? false ? found : nil
  }

  /// A line without what belongs to the file and not to the prompt: the byte-order mark at its
  /// beginning, the carriage return of a Windows line end.
  private static func content(_ line: UnsafeRawBufferPointer, _ offset: Int) -> (
    UnsafeRawBufferPointer, Int
  ) {
    let mark = offset == 0 && line.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
    let end = line.count > mark && line.last == 0x0d ? line.count - 1 : line.count
    return (UnsafeRawBufferPointer(rebasing: line[mark..<end]), offset + mark)
  }
}

/// How a line, or a text of the command line, becomes a prompt.
private struct PromptReader {
  /// The member of a JSON line; nil for plain lines.
  let field: String?
  let chat: ChatPrompts?

  func prompt(_ index: Int, _ line: UnsafeRawBufferPointer, base: Int) throws(DSXError) -> Prompt {
    guard let field else {
      if let bad = UTF8Validation.firstInvalid(line) {
        throw DSXError(.malformed, "invalid UTF-8", byte: base + bad)
      }
      return try prompt(index, .string(String(decoding: line, as: UTF8.self)), id: nil)
    }
    let record = try JSONParser.parse(line, base: base)
    guard let value = record[field] else {
      throw DSXError(
        .malformed, "the line has no member '\(field)'",
        hint: "--field names the member that holds the prompt")
    }
    return try prompt(index, value, id: record["id"])
  }

  func prompt(_ index: Int, _ value: JSONValue, id: JSONValue?) throws(DSXError) -> Prompt {
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
