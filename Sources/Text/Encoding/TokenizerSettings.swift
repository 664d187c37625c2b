/// What a model folder says of its tokenizer besides the vocabulary: `tokenizer_config.json`,
/// `special_tokens_map.json`, `chat_template.jinja`.
public struct TokenizerSettings: Sendable, Hashable {
  /// A chat template with its name (`default` for the only one).
  public struct ChatTemplate: Sendable, Hashable {
    /// Its name.
    public let name: String
    /// Its source in Jinja.
    public let source: String

    /// A template.
    public init(name: String, source: String) {
      self.name = name
      self.source = source
    }
  }

  /// `tokenizer_class`, without the `Fast` at its end.
  public var tokenizerClass: String?
  /// `add_bos_token`; nil where the file does not say.
  public var addsBOS: Bool?
  /// `add_eos_token`; nil where the file does not say.
  public var addsEOS: Bool?
  /// `add_prefix_space`; nil where the file does not say.
  public var addsPrefixSpace: Bool?
  /// `model_max_length`, where it is a length (transformers writes 1e30 for none).
  public var modelMaxLength: Int?
  /// `clean_up_tokenization_spaces`; nil where the file does not say.
  public var cleansUpSpaces: Bool?
  /// The chat templates: `default` first where there is one.
  public var chatTemplates: [ChatTemplate] = []

  /// Nothing said.
  public init() {}

  /// The chat template of that name; nil when there is none.
  public func chatTemplate(_ name: String = "default") -> String? {
    chatTemplates.first { $0.name == name }?.source
  }
}
