internal import Glibc

/// BLEU with all that it is made of.
public struct BLEUScore: Sendable, Equatable {
  /// Percent, 0 to 100.
  public var score: Double
  /// Percent, one an order.
  public var precisions: [Double]
  /// 1 where the hypotheses are at least as long as their references.
  public var brevityPenalty: Double
  /// Matched n-grams, one an order; with add-k what was added is in it.
  public var matches: [Double]
  /// n-grams of the hypotheses, one an order; with add-k what was added is in it.
  public var totals: [Double]
  /// Tokens of the hypotheses.
  public var hypothesisLength: Int
  /// Tokens of the references that are closest in length, the shorter of two.
  public var referenceLength: Int

  /// sacrebleu's `compute_bleu`: stops at the first order without n-grams; 0 where nothing matches
  /// at all, whatever the smoothing.
  init(_ counts: BLEUCounts, _ options: BLEUOptions) {
    hypothesisLength = counts.hypothesisLength
    referenceLength = counts.referenceLength
    matches = counts.matches.map(Double.init)
    totals = counts.totals.map(Double.init)
    precisions = [Double](repeating: 0, count: options.maxOrder)
    brevityPenalty =
      hypothesisLength >= referenceLength
      ? 1
      : hypothesisLength > 0 ? exp(1 - Double(referenceLength) / Double(hypothesisLength)) : 0
    score = 0
    guard matches.contains(where: { $0 > 0 }) else { return }
    var halving = 1.0
    var effective = options.maxOrder
    for order in 0..<options.maxOrder {
      if case .addK(let k) = options.smoothing, order > 0 {
        matches[order] += k
        totals[order] += k
      }
      if totals[order] == 0 { break }
      if options.usesEffectiveOrder { effective = order + 1 }
      if matches[order] > 0 {
        precisions[order] = 100 * matches[order] / totals[order]
        continue
      }
      switch options.smoothing {
      case .exponential:
        halving *= 2
        precisions[order] = 100 / (halving * totals[order])
      case .floor(let value): precisions[order] = 100 * value / totals[order]
      case .none, .addK: break
      }
    }
    var sum = 0.0
    // A precision of 0 is not -infinity in sacrebleu, but so small that the score is 0.
    for precision in precisions[..<effective] {
      sum += precision == 0 ? -9_999_999_999 : log(precision)
    }
    score = brevityPenalty * exp(sum / Double(effective))
  }

  /// sacrebleu's line: `BLEU|SIGNATURE = 15.11 20.0/16.7/12.5/12.5 (BP = 1.000 ratio = ...)`.
  public func text(signature: String) -> String {
    let ratio = referenceLength > 0 ? Double(hypothesisLength) / Double(referenceLength) : 0
    return "BLEU|\(signature) = \(DecimalText.fixed(score, 2)) "
      + precisions.map { DecimalText.fixed($0, 1) }.joined(separator: "/")
      + " (BP = \(DecimalText.fixed(brevityPenalty, 3)) ratio = \(DecimalText.fixed(ratio, 3))"
      + " hyp_len = \(hypothesisLength) ref_len = \(referenceLength))"
  }
}
