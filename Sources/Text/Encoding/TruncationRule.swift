/// How a text, or a pair of texts, is cut to a number of tokens: the `truncation` of transformers'
/// tokenizers as a value.
public struct TruncationRule: Sendable, Hashable {
  /// Which text is cut; the raw value is transformers' name.
  public enum Strategy: String, Sendable, CaseIterable {
    /// The longer one, until both fit.
    case longestFirst = "longest_first"
    /// The first one.
    case onlyFirst = "only_first"
    /// The second one: question answering cuts the context into windows with it.
    case onlySecond = "only_second"
  }

  /// Tokens to keep, special tokens included.
  public var maximum: Int
  /// Which text is cut.
  public var strategy: Strategy
  /// Tokens by which the parts of `Encoding.overflowing` overlap.
  public var stride: Int
  /// Whether the beginning is cut off instead of the end.
  public var cutsLeft: Bool

  /// A rule.
  public init(
    maximum: Int, strategy: Strategy = .longestFirst, stride: Int = 0, cutsLeft: Bool = false
  ) {
    self.maximum = maximum
    self.strategy = strategy
    self.stride = stride
    self.cutsLeft = cutsLeft
  }
}

extension Truncation {
  /// The caller's rule as the encoder applies it.
  init(_ rule: TruncationRule) {
    let strategy: Strategy =
      switch rule.strategy {
      case .longestFirst: .longestFirst
      case .onlyFirst: .onlyFirst
      case .onlySecond: .onlySecond
      }
    self.init(
      maximum: rule.maximum, strategy: strategy, stride: rule.stride, cutsLeft: rule.cutsLeft)
  }
}
