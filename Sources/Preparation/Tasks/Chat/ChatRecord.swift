internal import DSXCore

/// One line of instruction data as a conversation.
///
/// | form | what it becomes |
/// | --- | --- |
/// | `messages`: `[{"role", "content"}, ...]` | as it is; other members of a message stay |
/// | `conversations`: `[{"from", "value"}, ...]` | `human` is user, `gpt` is assistant, others keep their names |
/// | `instruction`, perhaps `input`, `output` | user: instruction, and input after a blank line; assistant: output |
/// | `prompt` and `response` (or `completion`) | user, assistant |
///
/// `system` beside any of the last three comes first; `tools` is handed to the template.
struct ChatRecord {
  /// Objects with `role` and `content`.
  var messages: [JSONValue]
  /// What the template gets besides.
  var extra: [JSONValue.Member] = []

  /// Reads a line. Throws `malformed` for what has none of the forms.
  init(_ json: JSONValue) throws(DSXError) {
    if let list = json["messages"] {
      messages = try Self.messages(list)
    } else if let list = json["conversations"] {
      messages = try Self.turns(list)
    } else if let instruction = json["instruction"]?.string, let output = json["output"]?.string {
      let input = json["input"]?.string ?? ""
      let question = input.isEmpty ? instruction : instruction + "\n\n" + input
      messages = [Self.message("user", question), Self.message("assistant", output)]
    } else if let prompt = json["prompt"]?.string,
      let answer = json["response"]?.string ?? json["completion"]?.string
    {
      messages = [Self.message("user", prompt), Self.message("assistant", answer)]
    } else {
      throw DSXError(
        .malformed, "the line is no conversation",
        hint: "it needs messages, conversations, instruction and output, or prompt and response")
    }
    if json["messages"] == nil, let system = json["system"]?.string, !system.isEmpty {
      messages.insert(Self.message("system", system), at: 0)
    }
    if let tools = json["tools"], !tools.isNull { extra.append(.init("tools", tools)) }
    guard messages.contains(where: { $0["role"]?.string == "assistant" }) else {
      throw DSXError(.malformed, "the conversation has no message of the assistant to learn")
    }
  }

  private static func message(_ role: String, _ content: String) -> JSONValue {
    ["role": .string(role), "content": .string(content)]
  }

  private static func messages(_ list: JSONValue) throws(DSXError) -> [JSONValue] {
    guard let messages = list.array, !messages.isEmpty else {
      throw DSXError(.malformed, "'messages' is no list, or an empty one")
    }
    for (number, message) in messages.enumerated() {
      guard message["role"]?.string != nil else {
        throw DSXError(.malformed, "messages[\(number)] has no string 'role'")
      }
      // An assistant that only calls tools has no content.
      guard message["content"] != nil || message["tool_calls"] != nil else {
        throw DSXError(.malformed, "messages[\(number)] has no 'content'")
      }
    }
    return messages
  }

  private static func turns(_ list: JSONValue) throws(DSXError) -> [JSONValue] {
    guard let turns = list.array, !turns.isEmpty else {
      throw DSXError(.malformed, "'conversations' is no list, or an empty one")
    }
    var messages: [JSONValue] = []
    for (number, turn) in turns.enumerated() {
      guard let from = turn["from"]?.string, let value = turn["value"]?.string else {
        throw DSXError(
          .malformed, "conversations[\(number)] has no strings 'from' and 'value'")
      }
      let role = ["human": "user", "gpt": "assistant", "bot": "assistant"][from] ?? from
      messages.append(message(role, value))
    }
    return messages
  }
}
