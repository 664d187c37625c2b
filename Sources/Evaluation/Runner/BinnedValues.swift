internal import DSXCore

/// Values in bins of equal width.
enum BinnedValues {
  /// 20 bins from the smallest to the largest; when all are equal, the middle one of five around them.
  static func counts(_ values: [Double], bins: Int = 20) -> BinnedCounts {
    let (low, high) = (values.min() ?? 0, values.max() ?? 0)
    guard high > low else {
      // One bar as wide as the chart would look like an even spread.
      let half = max(abs(low) * 0.05, 0.5)
      return BinnedCounts(
        lower: low - half, upper: low + half, counts: [0, 0, values.count, 0, 0])
    }
    var counts = [Int](repeating: 0, count: bins)
    for value in values {
      let place = Int((value - low) / (high - low) * Double(bins))
      counts[min(bins - 1, max(0, place))] += 1
    }
    return BinnedCounts(lower: low, upper: high, counts: counts)
  }
}
