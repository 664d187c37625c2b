internal import DSXCore

/// Resampling of examples with replacement, from counts alone.
///
/// Definition: imagine the n examples of a confusion matrix sorted by (gold, predicted) and numbered
/// from 0. Replicate after replicate draws n numbers with `default_rng(seed)` of NumPy
/// (`choice(n, (replicates, n))`, 32-bit Lemire draws), counts the examples so drawn into a matrix
/// and scores it. The standard error is the sample standard deviation (n - 1) of the scores.
/// As only the counts enter, it is the same for every order and partition of the examples.
public struct Bootstrap: Sendable, Equatable {
  /// Number of replicates.
  public let replicates: Int
  /// Seed of the generator.
  public let seed: UInt64

  /// 1,000 replicates with seed 12345 unless said otherwise; at least two.
  public init(replicates: Int = 1000, seed: UInt64 = 12345) {
    self.replicates = max(2, replicates)
    self.seed = seed
  }

  /// `bs:1000|seed:12345`.
  public var signature: String { "bs:\(replicates)|seed:\(seed)" }
  /// How results name it.
  public var method: String { "bootstrap \(replicates) seed \(seed)" }

  /// The scores of the replicates; empty when there are fewer than 2 or over 2^32 - 1 examples.
  ///
  /// Time: replicates * n draws, about 2.5 ns each in a release build; memory: 4 n bytes up to
  /// 4,194,304 examples, above that a search over the filled cells instead.
  public func scores(
    of matrix: ConfusionMatrix, score: (ConfusionMatrix) -> Double?
  ) -> [Double] {
    let total = matrix.count
    guard total > 1, let bound = UInt32(exactly: total) else { return [] }
    var generator = PCG64(seed: seed)
    let filled = matrix.cells.indices.filter { matrix.cells[$0] > 0 }
    let usesTable = total <= 1 << 22
    var table: [Int32] = []
    if usesTable {
      table.reserveCapacity(total)
      for cell in filled {
        table.append(contentsOf: repeatElement(Int32(cell), count: matrix.cells[cell]))
      }
    }
    var ends: [Int] = []
    for cell in filled { ends.append((ends.last ?? 0) + matrix.cells[cell]) }

    var drawn = [Int](repeating: 0, count: matrix.cells.count)
    var results: [Double] = []
    results.reserveCapacity(replicates)
    for _ in 0..<replicates {
      for cell in filled { drawn[cell] = 0 }
      if usesTable {
        for _ in 0..<total { drawn[Int(table[Int(generator.bounded(bound))])] += 1 }
      } else {
        for _ in 0..<total {
          drawn[filled[Self.place(of: generator.bounded(bound), in: ends)]] += 1
        }
      }
      // Counts of a matrix that was checked, drawn again: this cannot fail.
      guard let replicate = try? ConfusionMatrix(labelCount: matrix.labelCount, cells: drawn)
      else { return [] }
      if let value = score(replicate) { results.append(value) }
    }
    return results
  }

  /// The sample standard deviation of the replicates' scores; nil below two examples or when fewer
  /// than two replicates have a score.
  public func standardError(
    of matrix: ConfusionMatrix, score: (ConfusionMatrix) -> Double?
  ) -> StandardError? {
    Moments.sampleDeviation(scores(of: matrix, score: score)).map {
      StandardError($0, method: method)
    }
  }

  /// The first place whose end is above `index`.
  private static func place(of index: UInt32, in ends: [Int]) -> Int {
    var low = 0
    var high = ends.count - 1
    while low < high {
      let middle = (low + high) / 2
      if ends[middle] > Int(index) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
