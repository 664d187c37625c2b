internal import Glibc

/// Round numbers for axes and bins.
enum RoundScale {
  /// The smallest of 1, 2, 2.5, 5 times a power of ten that is at least `raw`.
  static func step(atLeast raw: Double) -> Double {
    guard raw > 0, raw.isFinite else { return 1 }
    let power = pow(10, Double(NumberFormat.exponent(raw)))
    for factor in [1, 2, 2.5, 5] where power * factor >= raw * (1 - 1e-12) {
      return power * factor
    }
    return power * 10
  }

  /// Multiples of a round step that lie in `lower...upper`, at most `count + 1` of them.
  static func ticks(_ lower: Double, _ upper: Double, count: Int) -> [Double] {
    guard lower.isFinite, upper.isFinite, upper > lower else { return [lower] }
    let step = step(atLeast: (upper - lower) / Double(max(1, count)))
    let first = ceil(lower / step - 1e-9)
    let last = floor(upper / step + 1e-9)
    guard last >= first, last - first <= Double(count + 1) else { return [lower] }
    return (0...Int(last - first)).map { (first + Double($0)) * step }
  }

  /// Digits after the point that multiples of `step` need.
  static func decimals(ofStep step: Double) -> Int {
    guard step > 0, step.isFinite else { return 0 }
    for decimals in 0..<12 {
      let scaled = step * pow(10, Double(decimals))
      if abs(scaled - scaled.rounded()) < 1e-6 * scaled { return decimals }
    }
    return 12
  }
}

extension Histogram {
  /// Edges at multiples of a round width that hold `minimum...maximum` in at most `bins` bins.
  static func roundEdges(
    _ minimum: Double, _ maximum: Double, bins: Int
  ) -> (lower: Double, width: Double, bins: Int) {
    guard maximum > minimum else {
      // All values are equal: one bin around them.
      let width = max(RoundScale.step(atLeast: abs(minimum) * 0.1), Double.leastNormalMagnitude)
      let lower = floor(minimum / width) * width
      return (lower.isFinite ? lower : minimum, width, 1)
    }
    let span = maximum / 2 - minimum / 2
    guard span < Double.greatestFiniteMagnitude / 8, bins > 1 else {
      return (minimum, min(maximum / 2 - minimum / 2, Double.greatestFiniteMagnitude / 4) * 2, 1)
    }
    // A round width of at least span / bins holds it unless the first edge lies far before the
    // minimum; the next round ones then do. Ten tries cover a factor of a thousand.
    var width = RoundScale.step(atLeast: 2 * span / Double(bins))
    for _ in 0..<10 {
      let lower = floor(minimum / width) * width
      // The last bin holds its right end, so that a maximum on an edge needs no bin of its own.
      let needed = ceil((maximum - lower) / width - 1e-9)
      if needed <= Double(bins) { return (lower, width, max(1, Int(needed))) }
      width = RoundScale.step(atLeast: width * 1.0001)
    }
    return (minimum, 2 * span / Double(bins), bins)
  }
}
