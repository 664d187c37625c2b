/// What replaces an n-gram precision of zero.
public enum BLEUSmoothing: Sendable, Equatable {
  /// Nothing.
  case none
  /// This many matches for none; sacrebleu's default is 0.1.
  case floor(Double)
  /// This many are added to matches and n-grams of the orders above one; sacrebleu's default is 1.
  case addK(Double)
  /// Half a match for the first order without any, a quarter for the next: mteval's.
  case exponential

  /// `exp`, `floor[0.10]`, ... as in sacrebleu's signatures.
  var text: String {
    switch self {
    case .none: "none"
    case .floor(let value): "floor[\(DecimalText.fixed(value, 2))]"
    case .addK(let value): "add-k[\(DecimalText.fixed(value, 2))]"
    case .exponential: "exp"
    }
  }
}

/// Settings of BLEU.
public struct BLEUOptions: Sendable {
  /// The tokenizer; nil takes `zh` where more than half of the references' letters are Chinese and
  /// `13a` elsewhere, decided once from all examples.
  public var tokenizer: MetricTokenizer?
  /// What replaces a precision of zero.
  public var smoothing: BLEUSmoothing
  /// Lowers texts first.
  public var isLowercase: Bool
  /// The highest order of n-grams, 1 to 16.
  public var maxOrder: Int
  /// Leaves out the orders that the hypotheses are too short for: for single sentences.
  public var usesEffectiveOrder: Bool

  /// Settings; the defaults are sacrebleu's.
  public init(
    tokenizer: MetricTokenizer? = .v13a, smoothing: BLEUSmoothing = .exponential,
    isLowercase: Bool = false, maxOrder: Int = 4, usesEffectiveOrder: Bool = false
  ) {
    self.tokenizer = tokenizer
    self.smoothing = smoothing
    self.isLowercase = isLowercase
    self.maxOrder = min(16, max(1, maxOrder))
    self.usesEffectiveOrder = usesEffectiveOrder
  }
}
