extension RankedScores {
  /// One threshold: how many positives and negatives have at least this score.
  public struct Threshold: Sendable, Equatable {
    /// The score.
    public var score: Double
    /// Positives at or above it.
    public var truePositives: Int
    /// Negatives at or above it.
    public var falsePositives: Int
  }

  /// Twice the number of (positive, negative) pairs in the right order; ties count one.
  static func doubledWins(_ positives: [UInt64], over negatives: [UInt64]) -> UInt128 {
    var wins: UInt128 = 0
    var below = 0
    var tied = 0
    var previous: UInt64?
    positives.withUnsafeBufferPointer { positives in
      negatives.withUnsafeBufferPointer { negatives in
        for key in positives {
          if key != previous {
            below += tied
            tied = 0
            while below < negatives.count, negatives[below] < key { below += 1 }
            while below + tied < negatives.count, negatives[below + tied] == key { tied += 1 }
            previous = key
          }
          wins += UInt128(2 * below + tied)
        }
      }
    }
    return wins
  }

  /// The area under the ROC curve: the chance that a positive scores higher than a negative, ties half.
  /// A quotient of whole numbers, rounded once; nil unless both kinds occur. n log n at most.
  public var areaUnderROC: Double? {
    guard !positives.isEmpty, !negatives.isEmpty else { return nil }
    let sorted = sorted
    let wins = Self.doubledWins(sorted.positives, over: sorted.negatives)
    return Double(wins) / (2 * Double(positives.count) * Double(negatives.count))
  }

  /// Thresholds at every distinct score, the highest first.
  public var thresholds: [Threshold] {
    let sorted = sorted
    var result: [Threshold] = []
    var (p, n) = (sorted.positives.count, sorted.negatives.count)
    while p > 0 || n > 0 {
      let key = max(p > 0 ? sorted.positives[p - 1] : 0, n > 0 ? sorted.negatives[n - 1] : 0)
      while p > 0, sorted.positives[p - 1] == key { p -= 1 }
      while n > 0, sorted.negatives[n - 1] == key { n -= 1 }
      result.append(
        Threshold(
          score: FloatKey.value(key), truePositives: positives.count - p,
          falsePositives: negatives.count - n))
    }
    return result
  }

  /// Average precision: sum over thresholds of (recall gained) * precision, not interpolated, as
  /// scikit-learn; nil without positives.
  public var averagePrecision: Double? {
    guard !positives.isEmpty else { return nil }
    var sum = 0.0
    var before = 0
    for threshold in thresholds where threshold.truePositives > before {
      let gained = Double(threshold.truePositives - before) / Double(positives.count)
      let all = threshold.truePositives + threshold.falsePositives
      sum += gained * (Double(threshold.truePositives) / Double(all))
      before = threshold.truePositives
    }
    return sum
  }

  /// The area under the precision-recall curve by trapezoids (optimistic: prefer average precision).
  public var trapezoidPrecisionRecall: Double? {
    guard !positives.isEmpty else { return nil }
    var area = 0.0
    var (recall, precision) = (0.0, 1.0)
    for threshold in thresholds {
      let all = Double(threshold.truePositives + threshold.falsePositives)
      let nextRecall = Double(threshold.truePositives) / Double(positives.count)
      let nextPrecision = Double(threshold.truePositives) / all
      area += (nextRecall - recall) * (precision + nextPrecision) / 2
      (recall, precision) = (nextRecall, nextPrecision)
    }
    return area
  }

  /// The area below a false positive rate of `limit` (0 < limit <= 1), standardised by McClish so that
  /// chance is 0.5, as scikit-learn's `max_fpr`.
  public func areaUnderROC(upTo limit: Double) -> Double? {
    guard !positives.isEmpty, !negatives.isEmpty, limit > 0, limit <= 1 else { return nil }
    if limit == 1 { return areaUnderROC }
    var area = 0.0
    var (x, y) = (0.0, 0.0)
    for threshold in thresholds {
      let nextX = Double(threshold.falsePositives) / Double(negatives.count)
      let nextY = Double(threshold.truePositives) / Double(positives.count)
      if nextX > limit {
        let yAtLimit = y + (nextY - y) * (limit - x) / (nextX - x)
        area += (limit - x) * (y + yAtLimit) / 2
        x = limit
        break
      }
      area += (nextX - x) * (y + nextY) / 2
      (x, y) = (nextX, nextY)
    }
    let least = 0.5 * limit * limit
    return 0.5 * (1 + (area - least) / (limit - least))
  }
}
