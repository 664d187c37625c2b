internal import DSXCore
internal import Glibc

/// The smoothing methods 0 to 7 of NLTK 3.10.4 (B. Chen, C. Cherry, A Systematic Comparison of
/// Smoothing Techniques for Sentence-Level BLEU, 2014), with NLTK's default numbers.
enum NLTKSmoothing {
  private static let epsilon = 0.1
  private static let alpha = 5.0
  private static let k = 5.0

  /// BLEU, 0 to 1. `matches` and `totals` are of the orders 1 to `weights.count`, and one more for
  /// methods 5 and 7; totals are at least 1 for each sentence, as NLTK's.
  static func score(
    method: Int, matches: [Int], totals: [Int], hypothesisLength: Int, referenceLength: Int,
    weights: [Double]
  ) throws(DSXError) -> Double {
    let orders = weights.count
    guard let first = matches.first, first > 0 else { return 0 }
    var precisions = (0..<orders).map { Double(matches[$0]) / Double(totals[$0]) }
    switch method {
    case 0:
      for order in 0..<orders where matches[order] == 0 {
        precisions[order] = Double.leastNormalMagnitude
      }
    case 1:
      for order in 0..<orders where matches[order] == 0 {
        precisions[order] = epsilon / Double(totals[order])
      }
    case 2:
      for order in 1..<max(1, orders) {
        precisions[order] = Double(matches[order] + 1) / Double(totals[order] + 1)
      }
    case 3: geometric(matches, totals, &precisions)
    case 4: byLength(matches, totals, hypothesisLength, &precisions)
    case 5: averaged(matches, totals, &precisions)
    case 6: try interpolated(matches, totals, hypothesisLength, &precisions)
    default:
      byLength(matches, totals, hypothesisLength, &precisions)
      averaged(matches, totals, &precisions)
    }
    var sum = ExactSum()
    for (weight, precision) in zip(weights, precisions) where precision > 0 {
      sum.add(weight * log(precision))
    }
    let penalty =
      hypothesisLength > referenceLength
      ? 1
      : hypothesisLength == 0
        ? 0 : exp(1 - Double(referenceLength) / Double(hypothesisLength))
    return penalty * exp(sum.value)
  }

  private static func geometric(_ matches: [Int], _ totals: [Int], _ precisions: inout [Double]) {
    var power = 1.0
    for order in precisions.indices where matches[order] == 0 {
      power *= 2
      precisions[order] = 1 / (power * Double(totals[order]))
    }
  }

  private static func byLength(
    _ matches: [Int], _ totals: [Int], _ length: Int, _ precisions: inout [Double]
  ) {
    var power = 1.0
    for order in precisions.indices where matches[order] == 0 && length > 1 {
      power *= 2
      precisions[order] = 1 / (power * k / log(Double(length))) / Double(totals[order])
    }
  }

  /// Each is the mean of the smoothed one before, itself, and the plain one behind.
  private static func averaged(_ matches: [Int], _ totals: [Int], _ precisions: inout [Double]) {
    let orders = precisions.count
    let beyond =
      matches.count > orders ? Double(matches[orders]) / Double(totals[orders]) : 0
    let plain = precisions + [beyond]
    var before = plain[0] + 1
    for order in 0..<orders {
      precisions[order] = (before + plain[order] + plain[order + 1]) / 3
      before = precisions[order]
    }
  }

  private static func interpolated(
    _ matches: [Int], _ totals: [Int], _ length: Int, _ precisions: inout [Double]
  ) throws(DSXError) {
    guard precisions.count > 2, precisions[2] > 0 else {
      throw DSXError(
        .malformed, "NLTK's smoothing method 6 needs a matched 3-gram",
        hint: "use method 3, or leave the example out")
    }
    for order in 2..<precisions.count {
      let prior =
        precisions[order - 2] == 0
        ? 0 : precisions[order - 1] * precisions[order - 1] / precisions[order - 2]
      precisions[order] =
        (Double(matches[order]) + alpha * prior) / (Double(max(0, length - order)) + alpha)
    }
  }
}
