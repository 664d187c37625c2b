internal import ArgumentParser
internal import Evaluation
internal import Models

/// The prompts of `dsx generate`.
struct GeneratePrompts: ParsableArguments {
  /// What is done with a prompt that leaves no room.
  enum LongPrompt: String, CaseIterable, ExpressibleByArgument {
    case error
    case truncateLeft = "truncate-left"
    case truncateRight = "truncate-right"
  }

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("A text to continue. May be given again.", valueName: "text"))
  var prompt: [String] = []
  @Option(
    help: ArgumentHelp(
      "Prompts: one a line, or JSON lines (.jsonl, or with --field). '-': standard input.",
      valueName: "file"))
  var input: String?
  @Option(
    help: ArgumentHelp("The prompt's member in JSON lines. Default: prompt.", valueName: "name"))
  var field: String?
  @Option(name: .customLong("on-long"), help: "A prompt that leaves no room for the new text.")
  var onLong = LongPrompt.error
  @Option(help: "Put the begin-of-text id before every prompt; auto: as the model's configuration.")
  var bos = BOSChoice.auto
  @Flag(help: "A special token's spelling in a prompt becomes that token.")
  var specialTokens = false
  @Flag(help: "Put prompts into the model's chat template, as messages of the user.")
  var chat = false
  @Option(help: ArgumentHelp("With --chat: the first message.", valueName: "text"))
  var system: String?
  @Option(
    help: ArgumentHelp("With --chat: a template in place of the model's.", valueName: "file"))
  var chatTemplate: String?

  func validate() throws {
    guard prompt.isEmpty != (input == nil) else {
      throw ValidationError(
        prompt.isEmpty ? "give --prompt or --input" : "give --prompt or --input, not both")
    }
    if field != nil, input == nil { throw ValidationError("--field is for --input") }
    if !chat {
      if system != nil { throw ValidationError("--system is for --chat") }
      if chatTemplate != nil { throw ValidationError("--chat-template is for --chat") }
    } else if bos != .auto {
      throw ValidationError("the chat template decides on the begin-of-text id: leave out --bos")
    }
  }

  /// Whether there is exactly one prompt, on the command line.
  var isOne: Bool { prompt.count == 1 }

  /// The member of JSON lines that holds the prompt; nil for plain lines.
  var jsonField: String? {
    if let field { return field }
    return input?.hasSuffix(".jsonl") ?? false ? "prompt" : nil
  }

  /// How prompts become ids.
  var rules: PromptRules {
    let longInput: LongInput =
      switch onLong {
      case .error: .error
      case .truncateLeft: .truncateLeft
      case .truncateRight: .truncateRight
      }
    let addsBOS: Bool? =
      switch bos {
      case .auto: chat ? false : nil
      case .on: true
      case .off: false
      }
    return PromptRules(
      longInput: longInput, addsBOS: addsBOS, readsSpecialTokens: chat || specialTokens)
  }
}
