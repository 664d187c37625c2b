internal import Glibc

// Scores with the arithmetic that sacrebleu 2.6.0 has when it resamples: NumPy 2 keeps sums,
// precisions and means in single precision, Python's own numbers join in, and only exp and log work
// in double precision.

extension BLEU: SinglePrecisionResampling {
  /// BLEU of counts that were summed in single precision.
  public func resampledScore(single components: [Float]) -> Double? {
    let order = options.maxOrder
    guard options.tokenizer != nil, components.count == BLEUCounts.width(order) else {
      let counts = TextCounts(components: components.map(Double.init), count: 1)
      return score(from: counts)
    }
    let (length, reference) = (Int(components[0]), Int(components[1]))
    var matches = Array(components[2..<(2 + order)])
    var totals = Array(components[(2 + order)...])
    guard matches.contains(where: { $0 > 0 }) else { return 0 }
    let penalty =
      length >= reference ? 1 : length > 0 ? exp(1 - Double(reference) / Double(length)) : 0
    var precisions = [Float](repeating: 0, count: order)
    var halving: Float = 1
    var effective = order
    for index in 0..<order {
      if case .addK(let k) = options.smoothing, index > 0 {
        matches[index] += Float(k)
        totals[index] += Float(k)
      }
      if totals[index] == 0 { break }
      if options.usesEffectiveOrder { effective = index + 1 }
      if matches[index] > 0 {
        precisions[index] = 100 * matches[index] / totals[index]
        continue
      }
      switch options.smoothing {
      case .exponential:
        halving *= 2
        precisions[index] = 100 / (halving * totals[index])
      case .floor(let value): precisions[index] = Float(100 * value) / totals[index]
      case .none, .addK: break
      }
    }
    var sum = 0.0
    for precision in precisions[..<effective] {
      sum += precision == 0 ? -9_999_999_999 : log(Double(precision))
    }
    return penalty * exp(sum / Double(effective))
  }
}

extension ChrF: SinglePrecisionResampling {
  /// chrF of counts that were summed in single precision.
  public func resampledScore(single components: [Float]) -> Double? {
    guard components.count == 3 * options.order else { return nil }
    let tiny: Float = 1e-16
    let factor = Float(options.beta * options.beta)
    var (score, precisions, recalls): (Float, Float, Float) = (0, 0, 0)
    var effective: Float = 0
    for order in 0..<options.order {
      let (own, theirs) = (components[3 * order], components[3 * order + 1])
      let precision = own > 0 ? components[3 * order + 2] / own : tiny
      let recall = theirs > 0 ? components[3 * order + 2] / theirs : tiny
      let weight = factor * precision + recall
      score += weight > 0 ? (1 + factor) * precision * recall / weight : tiny
      if own > 0, theirs > 0 {
        precisions += precision
        recalls += recall
        effective += 1
      }
    }
    if options.usesEpsilon { return Double(100 * score / Float(options.order)) }
    guard effective > 0, precisions + recalls > 0 else { return 0 }
    let (precision, recall) = (precisions / effective, recalls / effective)
    return Double(100 * ((1 + factor) * precision * recall / (factor * precision + recall)))
  }
}

extension TER: SinglePrecisionResampling {
  /// TER of sums in single precision.
  public func resampledScore(single components: [Float]) -> Double? {
    guard components.count == 2 else { return nil }
    if components[1] > 0 { return Double(100 * (components[0] / components[1])) }
    return components[0] > 0 ? 100 : 0
  }
}
