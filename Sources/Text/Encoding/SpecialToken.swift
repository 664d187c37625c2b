/// A token with a role: its spelling and its id.
public struct SpecialToken: Sendable, Hashable {
  /// The spelling, as in the vocabulary.
  public let content: String
  /// The id; nil when the vocabulary does not hold the spelling.
  public let id: Int32?

  /// A token.
  public init(_ content: String, id: Int32?) {
    self.content = content
    self.id = id
  }
}

/// The tokens that play a role in a vocabulary, as `tokenizer_config.json` and
/// `special_tokens_map.json` name them, or as the vocabulary itself does.
public struct SpecialTokens: Sendable, Hashable {
  /// What a token is for; the raw value is its name in `tokenizer_config.json`.
  public enum Role: String, Sendable, CaseIterable {
    /// Begins a text.
    case bos = "bos_token"
    /// Ends a text.
    case eos = "eos_token"
    /// Stands for what the vocabulary lacks.
    case unknown = "unk_token"
    /// Separates texts (BERT).
    case separator = "sep_token"
    /// Fills up rows.
    case padding = "pad_token"
    /// Begins a text that is to be classified (BERT).
    case classification = "cls_token"
    /// Hides a token (BERT).
    case mask = "mask_token"
  }

  private var tokens: [Role: SpecialToken] = [:]
  /// Special tokens without one of the roles, in the order of the file.
  public var additional: [SpecialToken] = []

  /// No token.
  public init() {}

  /// The token of a role; nil when none is named.
  public subscript(_ role: Role) -> SpecialToken? {
    get { tokens[role] }
    set { tokens[role] = newValue }
  }

  /// The id of a role's token; nil when none is named or the vocabulary lacks it.
  public func id(_ role: Role) -> Int32? { tokens[role]?.id }
}
