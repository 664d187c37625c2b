public import DSXCore
public import Text

/// How conversations become ids and labels: the template and the vocabulary. Shared by all workers.
public struct ChatRules: Sendable {
  let template: ChatTemplate
  let tokenizer: any Tokenizer

  /// Rules with the template of `source`, else with the vocabulary's own.
  ///
  /// Throws `usage` when there is none, and what `ChatTemplate` throws.
  public init(_ tokenizer: any Tokenizer, template source: String? = nil) throws(DSXError) {
    guard let source = source ?? tokenizer.settings?.chatTemplate() else {
      throw DSXError(
        .usage, "the vocabulary has no chat template",
        hint: "name a tokenizer folder that has one, or a file with --chat-template")
    }
    var names: [String: String] = [:]
    for role in SpecialTokens.Role.allCases {
      if let token = tokenizer.specialTokens[role] { names[role.rawValue] = token.content }
    }
    template = try ChatTemplate(source, specialTokens: names)
    self.tokenizer = tokenizer
  }

  /// The SHA-256 of the template, for the plan.
  public var fingerprint: String { SHA256.hex(template.source) }
}
