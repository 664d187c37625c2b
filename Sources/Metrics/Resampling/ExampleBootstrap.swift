public import DSXCore

/// The bootstrap over examples: rows of a table are drawn with replacement, as many as there are, and
/// their summed statistics scored.
///
/// Draws: `default_rng(seed).choice(n, (replicates, n))` of NumPy, replicate after replicate, row
/// numbers in the order of the table. The table is brought into its canonical order first unless
/// another library's stream is wanted. Time: replicates × n additions of one row; whole-number statistics
/// are added in order, by how often each row was drawn.
public struct ExampleBootstrap: Sendable, Equatable {
  /// Number of replicates, at least two.
  public let replicates: Int
  /// Seed of the generator.
  public let seed: UInt64
  /// The nominal coverage.
  public let level: Double
  /// Threads for whole-number statistics; never changes a score.
  public var workers = 1

  /// 1,000 replicates with seed 12345, 95 percent.
  public init(replicates: Int = 1000, seed: UInt64 = 12345, level: Double = 0.95) {
    self.replicates = max(2, replicates)
    self.seed = seed
    self.level = level
  }

  /// How results name it.
  public var method: String { "bootstrap percentile, \(replicates) seed \(seed)" }

  /// The scores of the replicates that have one; empty below two rows.
  public func scores(_ table: ExampleTable) throws(DSXError) -> [Double] {
    if let weighted = table.weighted() {
      return weighted.scores(
        replicates: replicates, PCG64(seed: seed), workers: max(1, workers))
    }
    return scores(rows: table.rows, try table.scorer())
  }

  /// The percentile interval, the standard error and the mean; nil below two rows.
  public func interval(_ table: ExampleTable) throws(DSXError) -> Interval? {
    // One row drawn again and again has no spread, which says nothing of the next one.
    guard table.rows > 1 else { return nil }
    return Interval.percentile(try scores(table.canonical()), level: level, method: method)
  }

  /// sacrebleu 2.6.0's `n_bootstrap`: rows in input order, sums in single precision; the interval is
  /// the mean ± half the width between the n/40-th and the (n - n/40 - 1)-th score.
  public func sacrebleu(_ table: ExampleTable) throws(DSXError) -> Interval? {
    let score = try table.singlePrecisionScore()
    return Self.sacrebleu(scores(rows: table.rows, score), level: level, seed: seed)
  }

  static func sacrebleu(_ scores: [Double], level: Double, seed: UInt64) -> Interval? {
    guard !scores.isEmpty else { return nil }
    let sorted = scores.sorted()
    let low = sorted.count / 40
    let width = PairwiseSum.difference(
      sorted[sorted.count - low - 1], sorted[low], isSingle: PairwiseSum.isSingle(scores))
    let half = 0.5 * width
    // The sum of sorted numbers, as there: its last digit is another one than that of the drawn order.
    let mean = PairwiseSum.mean(sorted)
    return Interval(
      low: mean - half, high: mean + half, level: 0.95,
      method: "sacrebleu bootstrap, \(scores.count) seed \(seed)",
      standardError: Moments.sampleDeviation(scores), mean: mean)
  }

  /// The scores of drawn rows 0..<rows.
  func scores(rows: Int, _ score: ([UInt32]) -> Double?) -> [Double] {
    var generator = PCG64(seed: seed)
    return scores(rows: rows, &generator, score)
  }

  /// The same with a generator that has drawn already.
  func scores(rows: Int, _ generator: inout PCG64, _ score: ([UInt32]) -> Double?) -> [Double] {
    guard rows > 0, let bound = UInt32(exactly: rows) else { return [] }
    var drawn = [UInt32](repeating: 0, count: rows)
    var results: [Double] = []
    results.reserveCapacity(replicates)
    for _ in 0..<replicates {
      for index in drawn.indices { drawn[index] = generator.bounded(bound) }
      if let value = score(drawn), value.isFinite { results.append(value) }
    }
    return results
  }
}
