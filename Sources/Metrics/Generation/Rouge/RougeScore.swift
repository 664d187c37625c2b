/// Precision, recall and F of one text, 0 to 1.
public struct RougeScore: Sendable, Equatable {
  /// Matched share of the hypothesis.
  public var precision: Double
  /// Matched share of the reference.
  public var recall: Double
  /// Their harmonic mean.
  public var f: Double

  /// Nothing matched.
  static let zero = RougeScore(precision: 0, recall: 0, f: 0)

  init(precision: Double, recall: Double, f: Double) {
    self.precision = precision
    self.recall = recall
    self.f = f
  }

  /// rouge-score's: shares of at least one.
  init(hits: Int, hypothesis: Int, reference: Int) {
    precision = Double(hits) / Double(max(1, hypothesis))
    recall = Double(hits) / Double(max(1, reference))
    f = precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0
  }

  /// rouge 1.0.1's: 1e-8 below the line, 0 for nothing.
  init(smoothedHits hits: Int, hypothesis: Int, reference: Int) {
    precision = hypothesis > 0 ? Double(hits) / Double(hypothesis) : 0
    recall = reference > 0 ? Double(hits) / Double(reference) : 0
    f = 2 * (precision * recall / (precision + recall + 1e-8))
  }
}

/// What a ROUGE score counts.
public enum RougeKind: Sendable, Equatable, Hashable {
  /// n-grams, 1 to 16.
  case ngrams(Int)
  /// The longest common subsequence.
  case subsequence
  /// The union of the longest common subsequences of sentences, which are lines.
  case summary

  /// `rouge-1`, `rouge-l`, `rouge-lsum`.
  public var name: String {
    switch self {
    case .ngrams(let order): "rouge-\(order)"
    case .subsequence: "rouge-l"
    case .summary: "rouge-lsum"
    }
  }
}
