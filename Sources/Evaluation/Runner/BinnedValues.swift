internal import DSXCore

/// Values in bins of equal width.
enum BinnedValues {
  /// 20 bins from the smallest to the largest; one bin when all are equal.
  static func counts(_ values: [Double], bins: Int = 20) -> BinnedCounts {
    let (low, high) = (values.min() ?? 0, values.max() ?? 0)
    guard high > low else {
      return BinnedCounts(lower: low, upper: low + 1, counts: [values.count])
    }
    var counts = [Int](repeating: 0, count: bins)
    for value in values {
      let place = Int((value - low) / (high - low) * Double(bins))
      counts[min(bins - 1, max(0, place))] += 1
    }
    return BinnedCounts(lower: low, upper: high, counts: counts)
  }
}
