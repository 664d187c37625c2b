public import DSXCore

/// The chat template of a tokenizer: a conversation to the text that its model was trained on.
///
/// Templates are Jinja, as Hugging Face's tokenizer folders hold them. dsx runs the language of such
/// templates (if, for, set, macro, generation, break, continue; the usual filters, tests and Python
/// methods) with transformers' white-space rules; anything else is an error that names it. Output never
/// depends on the date: there is no `strftime_now`.
///
/// Source: transformers' `apply_chat_template`, Jinja 3.1; compared with them in `make interop`.
public struct ChatTemplate: Sendable {
  /// A conversation as text.
  public struct Rendered: Hashable, Sendable {
    /// UTF-8.
    public var text: [UInt8]
    /// The bytes of `text` that the model has to say, in order.
    public var answers: [Range<Int>]
  }

  /// The template's own text.
  public let source: String
  private let specialTokens: [String: String]

  /// A template. `specialTokens` are the names that it may use, e.g. `bos_token`. Throws `malformed` with the
  /// line for what is no template, `unsupported` for what dsx does not know.
  public init(_ source: String, specialTokens: [String: String] = [:]) throws(DSXError) {
    _ = try TemplateParser.parse(source)
    self.source = source
    self.specialTokens = specialTokens
  }

  /// Renders conversations one after the other, on one thread.
  public func makeRenderer() throws(DSXError) -> Renderer {
    Renderer(statements: try TemplateParser.parse(source), specialTokens: specialTokens)
  }

  /// See `makeRenderer()`.
  public struct Renderer {
    private let statements: [TemplateStatement]
    private let specialTokens: [String: String]
    /// Whether the template says itself what the answers are.
    private let marksAnswers: Bool

    fileprivate init(statements: [TemplateStatement], specialTokens: [String: String]) {
      self.statements = statements
      marksAnswers = statements.contains(where: \.marksAnswers)
      self.specialTokens = specialTokens
    }

    /// The text of a conversation.
    ///
    /// `messages` are objects with `role` and `content`. `extra` are further names that the template may use,
    /// e.g. `tools`. With `addGenerationPrompt` the text ends where the model's answer begins. `answers` holds
    /// what stands inside of `{% generation %}`; it is empty for templates without.
    /// Throws `malformed` for what the template refuses (`raise_exception`) or cannot work with.
    public func render(
      _ messages: [JSONValue], addGenerationPrompt: Bool = false, extra: [JSONValue.Member] = []
    ) throws(DSXError) -> Rendered {
      var globals: [String: TemplateValue] = [
        "messages": .list(messages.map { TemplateValue($0) }),
        "add_generation_prompt": .bool(addGenerationPrompt), "tools": .none, "documents": .none,
      ]
      for (name, token) in specialTokens { globals[name] = .string(token) }
      for member in extra { globals[member.name] = TemplateValue(member.value) }
      var renderer = TemplateRenderer(globals: globals)
      try renderer.run(statements)
      return Rendered(text: renderer.output, answers: renderer.generated)
    }

    /// The text of a whole conversation with the answers of its assistant marked.
    ///
    /// Where the template has no `{% generation %}`, an answer is what comes behind the prompt for it: the
    /// text of the messages before with a generation prompt must be the beginning of the text with the
    /// answer, and that the beginning of the whole. Throws `unsupported` when it is not, as then no
    /// one can say which part of the text is the answer.
    public func renderWithAnswers(
      _ messages: [JSONValue], extra: [JSONValue.Member] = []
    ) throws(DSXError) -> Rendered {
      var whole = try render(messages, extra: extra)
      let assistants = messages.indices.filter { messages[$0]["role"]?.string == "assistant" }
      guard !marksAnswers, !assistants.isEmpty else { return whole }
      for index in assistants {
        let prompt = try render(
          Array(messages[..<index]), addGenerationPrompt: true, extra: extra)
        let answered =
          index + 1 == messages.count
          ? whole.text : try render(Array(messages[...index]), extra: extra).text
        guard answered.starts(with: prompt.text), whole.text.starts(with: answered) else {
          throw DSXError(
            .unsupported,
            "the chat template writes message \(index + 1) differently when more messages follow, so "
              + "that its answer cannot be found",
            hint: "mark the answers in the template with {% generation %}...{% endgeneration %}")
        }
        whole.answers.append(prompt.text.count..<answered.count)
      }
      return whole
    }
  }
}
