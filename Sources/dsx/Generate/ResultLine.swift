internal import DSXCore
internal import Models

/// One result as a JSON object.
enum ResultLine {
  /// Index, the line's own id, prompt, text, reason, counts; with `logprobs` also ids and log-probabilities.
  static func json(_ result: GenerationResult, _ prompt: Prompt?, logprobs: Bool) -> JSONValue {
    var members = head(result.index, prompt)
    members += [
      .init("text", .string(result.text)), .init("finish", .string(result.finish.rawValue)),
      .init("prompt_tokens", .int(Int64(result.promptTokens))),
      .init("new_tokens", .int(Int64(result.ids.count))),
      .init("logprob", rounded(result.logProbabilities.reduce(0, +))),
    ]
    if let score = result.beamScore { members.append(.init("beam_score", rounded(score))) }
    if logprobs {
      members.append(.init("ids", .array(result.ids.map { .int(Int64($0)) })))
      members.append(.init("logprobs", .array(result.logProbabilities.map(rounded))))
    }
    return .object(members)
  }

  /// A prompt that was refused: `error` says why.
  static func json(_ index: Int, _ error: DSXError, _ prompt: Prompt?) -> JSONValue {
    .object(head(index, prompt) + [.init("error", .string(error.message))])
  }

  /// To 6 places: what is behind depends on the batch.
  private static func rounded(_ value: Double) -> JSONValue {
    let scaled = (value * 1e6).rounded() / 1e6
    return .double(scaled == 0 ? 0 : scaled)
  }

  private static func head(_ index: Int, _ prompt: Prompt?) -> [JSONValue.Member] {
    var members = [JSONValue.Member("index", .int(Int64(index)))]
    if let id = prompt?.id { members.append(.init("id", id)) }
    members.append(.init("prompt", prompt?.given ?? .null))
    return members
  }

  /// A text on one line: backslash, line feed and carriage return escaped.
  static func escaped(_ text: String) -> String {
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\\"): bytes.append(contentsOf: "\\\\".utf8)
      case 0x0a: bytes.append(contentsOf: "\\n".utf8)
      case 0x0d: bytes.append(contentsOf: "\\r".utf8)
      default: bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
