/// NumPy's arithmetic of means, for digits that come from it.
///
/// sacrebleu's resampled chrF and TER are single precision, and so are NumPy's means of them; BLEU ends in
/// Python's `math.exp` and is double. Scores that are all single precision numbers are taken as such.
enum PairwiseSum {
  /// `np.mean` of a contiguous array.
  static func mean(_ values: [Double]) -> Double {
    guard !values.isEmpty else { return .nan }
    guard isSingle(values) else { return sum(values[...]) / Double(values.count) }
    return Double(sum(values.map { Float($0) }[...]) / Float(values.count))
  }

  /// left - right in single or double precision.
  static func difference(_ left: Double, _ right: Double, isSingle: Bool) -> Double {
    isSingle ? Double(Float(left) - Float(right)) : left - right
  }

  /// Whether every number is one of single precision.
  static func isSingle(_ values: [Double]) -> Bool {
    values.allSatisfy { Double(Float($0)) == $0 }
  }

  /// Blocks of up to 128 with eight running sums, halves above.
  static func sum<Number: BinaryFloatingPoint>(_ values: ArraySlice<Number>) -> Number {
    let n = values.count
    let start = values.startIndex
    if n < 8 { return values.reduce(0, +) }
    if n <= 128 {
      var lanes = Array(values[start..<(start + 8)])
      var index = 8
      while index + 8 <= n {
        for lane in 0..<8 { lanes[lane] += values[start + index + lane] }
        index += 8
      }
      let low = (lanes[0] + lanes[1]) + (lanes[2] + lanes[3])
      let high = (lanes[4] + lanes[5]) + (lanes[6] + lanes[7])
      var total = low + high
      while index < n {
        total += values[start + index]
        index += 1
      }
      return total
    }
    var half = n / 2
    half -= half % 8
    return sum(values[start..<(start + half)]) + sum(values[(start + half)...])
  }
}
