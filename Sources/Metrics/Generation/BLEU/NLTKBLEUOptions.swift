/// Settings of BLEU in NLTK's form.
public struct NLTKBLEUOptions: Sendable {
  /// The tokenizer.
  public var tokenizer: MetricTokenizer
  /// NLTK's smoothing method, 0 to 7.
  public var method: Int
  /// The highest order, 1 to 16; all orders weigh the same.
  public var maxOrder: Int

  /// Settings; the defaults are ModelScope's bleu-4.
  public init(
    tokenizer: MetricTokenizer = .rebuiltChinese, method: Int = 3, maxOrder: Int = 4
  ) {
    self.tokenizer = tokenizer
    self.method = min(7, max(0, method))
    self.maxOrder = min(16, max(1, maxOrder))
  }

  var weights: [Double] { [Double](repeating: 1 / Double(maxOrder), count: maxOrder) }

  func signature(_ references: String, _ average: String) -> String {
    "nrefs:\(references)|tok:\(tokenizer.name)|smooth:method\(method)|order:\(maxOrder)"
      + "|average:\(average)|version:1"
  }
}
