internal import DSXCore
internal import Kernels

/// Scores resamples of whole-number statistics by how often each row was drawn: rows are read in order
/// and once for several resamples, where adding drawn row after drawn row would jump through memory.
///
/// Sums are exact, so scores are those of `ExampleTable.scorer()`. What several threads read and write is
/// kept small, as they share one cache: a thread holds the draws of one resample and a byte a row for
/// each of `together`, and rows of small numbers are read as 16 bits.
struct WeightedRows: Sendable {
  private enum Numbers: Sendable {
    /// Below 2^15, `stride` a multiple of 8.
    case narrow([Int16])
    /// As in `ExampleMatrix`.
    case wide([Int32], largest: Int64)
  }

  private let metric: AnyMetric
  private let width: Int
  private let stride: Int
  private let rows: Int
  private let numbers: Numbers

  /// Resamples that are summed in one pass over the rows.
  static let together = 8

  /// Nil for a matrix with other numbers than whole ones of 32 bits, or with too many rows.
  init?(_ metric: AnyMetric, _ matrix: ExampleMatrix) {
    guard case .whole(let numbers) = matrix.storage, matrix.rows > 0, matrix.rows < 1 << 31 else {
      return nil
    }
    self.metric = metric
    (width, rows) = (matrix.width, matrix.rows)
    if matrix.largest < 1 << 15 {
      stride = (matrix.width + 8) / 8 * 8
      self.numbers = .narrow(Self.narrowed(numbers, matrix, stride))
    } else {
      stride = matrix.stride
      self.numbers = .wide(numbers, largest: matrix.largest)
    }
  }

  private static func narrowed(_ numbers: [Int32], _ matrix: ExampleMatrix, _ stride: Int)
    -> [Int16]
  {
    let (used, from) = (matrix.width + 1, matrix.stride)
    return [Int16](unsafeUninitializedCapacity: matrix.rows * stride) { narrow, count in
      numbers.withUnsafeBufferPointer { numbers in
        for row in 0..<matrix.rows {
          for column in 0..<used {
            narrow[row &* stride &+ column] =
              Int16(truncatingIfNeeded: numbers[row &* from &+ column])
          }
          for column in used..<stride { narrow[row &* stride &+ column] = 0 }
        }
      }
      count = matrix.rows * stride
    }
  }

  /// What one thread holds of its resamples until they are summed.
  private struct Scratch {
    var drawn: [UInt32]
    var counts: [UInt8]
    var sums: [Int64]
    /// The resamples whose draws are in `counts`; -1 for one that cannot be.
    var waiting: [Int] = []
  }

  /// The scores of `replicates` resamples of as many rows as there are, whose row numbers come from
  /// `generator`, resample after resample; those without a score are left out. Drawing is one stream,
  /// in order; `workers` threads count, add and score.
  func scores(replicates: Int, _ generator: PCG64, workers: Int) -> [Double] {
    let bound = UInt32(rows)
    let stream = Lock<(generator: PCG64, next: Int)>((generator, 0))
    let results = Lock<[Double?]>(Array(repeating: nil, count: replicates))
    FanOut.run(count: replicates, workers: workers) { _ in
      var scratch = Scratch(
        drawn: Array(repeating: 0, count: rows),
        counts: Array(repeating: 0, count: rows * Self.together),
        sums: Array(repeating: 0, count: stride * Self.together))
      while true {
        // Who takes a resample draws for it before anyone takes the next one.
        let taken = stream.withLock { stream -> Int? in
          guard stream.next < replicates else { return nil }
          scratch.drawn.withUnsafeMutableBufferPointer { stream.generator.fill($0, below: bound) }
          defer { stream.next += 1 }
          return stream.next
        }
        if let taken { tally(taken, &scratch) }
        if taken == nil || scratch.waiting.count == Self.together {
          let scores = score(&scratch)
          results.withLock { results in
            for (replicate, score) in zip(scratch.waiting, scores) where replicate >= 0 {
              results[replicate] = score
            }
          }
          scratch.waiting.removeAll(keepingCapacity: true)
        }
        guard taken != nil else { return }
      }
    }
    return results.withLock { $0 }.compactMap { $0 }.filter(\.isFinite)
  }

  /// Counts how often each row was drawn.
  private func tally(_ replicate: Int, _ scratch: inout Scratch) {
    let place = scratch.waiting.count * rows
    let overflows = scratch.drawn.withUnsafeBufferPointer { drawn in
      scratch.counts.withUnsafeMutableBufferPointer { counts in
        guard let drawn = drawn.baseAddress, let counts = counts.baseAddress else { return true }
        return dsx_tally(drawn, rows, counts + place, rows) != 0
      }
    }
    // No generator draws a row 256 times; a sum that is wrong must not come of it.
    scratch.waiting.append(overflows ? -1 : replicate)
  }

  private func score(_ scratch: inout Scratch) -> [Double?] {
    let size = scratch.waiting.count
    guard size > 0 else { return [] }
    switch numbers {
    case .narrow(let numbers):
      dsx_weighted_row_sums_16(numbers, rows, stride, scratch.counts, size, &scratch.sums)
    case .wide(let numbers, let largest):
      dsx_weighted_row_sums(numbers, rows, stride, largest, scratch.counts, size, &scratch.sums)
    }
    return (0..<size).map { index in
      let sum = scratch.sums[(index * stride)..<(index * stride + width)]
      return metric.statistics(
        components: sum.map(Double.init), count: Int(scratch.sums[index * stride + width])
      ).flatMap { metric.score(from: $0) }
    }
  }
}
