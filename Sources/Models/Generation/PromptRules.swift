/// How a prompt's text becomes ids.
public struct PromptRules: Sendable, Hashable {
  /// What is done with a prompt that leaves no room. `error` refuses one that is longer than the context.
  /// The truncations cut it so that the maximum of new tokens fits behind it; the begin-of-text id stays.
  public var longInput: LongInput
  /// Whether the begin-of-text id goes in front; nil: as the model's configuration says.
  public var addsBOS: Bool?
  /// Whether a special token's spelling in the prompt becomes that token, as chat templates need it. Else
  /// it is ordinary text, so that no data can smuggle one in.
  public var readsSpecialTokens: Bool

  /// The rules.
  public init(
    longInput: LongInput = .error, addsBOS: Bool? = nil, readsSpecialTokens: Bool = false
  ) {
    self.longInput = longInput
    self.addsBOS = addsBOS
    self.readsSpecialTokens = readsSpecialTokens
  }
}
