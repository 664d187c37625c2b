internal import DSXCore
internal import Kernels

/// Scores resamples of whole-number statistics by how often each row was drawn: rows are read in order
/// and once for several resamples, where adding drawn row after drawn row would jump through memory.
///
/// Sums are exact, so scores are those of `ExampleTable.scorer()`.
struct WeightedRows: Sendable {
  private let metric: AnyMetric
  private let width: Int
  private let stride: Int
  private let largest: Int64
  private let rows: Int
  private let numbers: [Int32]

  /// Resamples that are summed in one pass over the rows.
  static let together = 4

  /// Nil for a matrix with other numbers than whole ones of 32 bits, or with too many rows.
  init?(_ metric: AnyMetric, _ matrix: ExampleMatrix) {
    guard case .whole(let numbers) = matrix.storage, matrix.rows > 0, matrix.rows < 1 << 31 else {
      return nil
    }
    self.metric = metric
    self.numbers = numbers
    (width, stride, largest, rows) = (matrix.width, matrix.stride, matrix.largest, matrix.rows)
  }

  /// The scores of `replicates` resamples of as many rows as there are, whose row numbers come from
  /// `generator`, resample after resample; those without a score are left out. Drawing is one stream,
  /// in order; `workers` threads count, add and score.
  func scores(replicates: Int, _ generator: PCG64, workers: Int) -> [Double] {
    let bound = UInt32(rows)
    let stream = Lock<PCG64>(generator)
    let results = Lock<[Double?]>(Array(repeating: nil, count: replicates))
    let groups = (replicates + Self.together - 1) / Self.together
    let next = Lock<Int>(0)
    FanOut.run(count: groups, workers: workers) { _ in
      var drawn = [UInt32](repeating: 0, count: rows * Self.together)
      var counts = [UInt16](repeating: 0, count: rows * Self.together)
      var sums = [Int64](repeating: 0, count: stride * Self.together)
      while true {
        // Who takes a group draws for it before anyone takes the next one.
        let group = stream.withLock { (generator: inout PCG64) -> Int? in
          let group = next.withLock { (number: inout Int) -> Int in
            defer { number += 1 }
            return number
          }
          guard group < groups else { return nil }
          let size = min(Self.together, replicates - group * Self.together)
          var local = generator
          drawn.withUnsafeMutableBufferPointer { drawn in
            for index in 0..<size * rows { drawn[index] = local.bounded(bound) }
          }
          generator = local
          return group
        }
        guard let group else { return }
        let first = group * Self.together
        let size = min(Self.together, replicates - first)
        let scores = self.scores(size, drawn, &counts, &sums)
        results.withLock { results in
          for (index, score) in scores.enumerated() { results[first + index] = score }
        }
      }
    }
    return results.withLock { $0 }.compactMap { $0 }.filter(\.isFinite)
  }

  private func scores(
    _ size: Int, _ drawn: [UInt32], _ counts: inout [UInt16], _ sums: inout [Int64]
  ) -> [Double?] {
    let overflows = drawn.withUnsafeBufferPointer { drawn in
      counts.withUnsafeMutableBufferPointer { counts in
        (0..<size).contains { index in
          guard let drawn = drawn.baseAddress, let counts = counts.baseAddress else { return true }
          return dsx_tally(drawn + index * rows, rows, counts + index * rows, rows) != 0
        }
      }
    }
    if overflows {
      // No generator does this; a sum that is wrong must not come of it.
      return [Double?](repeating: nil, count: size)
    }
    dsx_weighted_row_sums(numbers, rows, stride, largest, counts, size, &sums)
    return (0..<size).map { index in
      let sum = sums[(index * stride)..<(index * stride + width)]
      return metric.statistics(
        components: sum.map(Double.init), count: Int(sums[index * stride + width])
      ).flatMap { metric.score(from: $0) }
    }
  }
}
