import DSXCore
import Kernels
import Testing

/// The loops of transformer.c against their scalar twins, on sizes around the 16 lanes.
@Suite struct AttentionKernelTests {
  private static let widths = [1, 3, 15, 16, 17, 64, 100]

  private func floats(_ count: Int, _ random: inout PCG64, _ scale: Double = 4) -> [Float] {
    (0..<count).map { _ in Float((random.unit() - 0.5) * scale) }
  }

  private func expectClose(_ ours: [Float], _ theirs: [Float]) {
    let worst = zip(ours, theirs).reduce(Float(0)) { max($0, abs($1.0 - $1.1) / max(1, abs($1.1))) }
    #expect(ours.count == theirs.count && worst <= 2e-5)
  }

  @Test func biases() {
    var random = PCG64(seed: 1)
    for width in Self.widths {
      let bias = floats(width, &random)
      var ours = floats(3 * (width + 2), &random)
      var theirs = ours
      dsx_add_bias(&ours, bias, 3, width, width + 2)
      dsx_add_bias_scalar(&theirs, bias, 3, width, width + 2)
      #expect(ours == theirs)
    }
  }

  @Test func scoresAndValues() {
    var random = PCG64(seed: 2)
    for width in Self.widths {
      for (rows, count) in [(1, 1), (2, 7), (4, 33)] {
        let queries = floats(rows * (width + 1), &random)
        let keys = floats(count * (width + 3), &random)
        var ours = [Float](repeating: 0, count: rows * (count + 2))
        var theirs = ours
        dsx_attention_scores(
          queries, width + 1, rows, keys, width + 3, count, width, 0.5, &ours, count + 2)
        dsx_attention_scores_scalar(
          queries, width + 1, rows, keys, width + 3, count, width, 0.5, &theirs, count + 2)
        expectClose(ours, theirs)
        var mixed = floats(rows * width, &random)
        var plain = mixed
        dsx_attention_values(
          theirs, count + 2, rows, keys, width + 3, count, width, &mixed, width)
        dsx_attention_values_scalar(
          theirs, count + 2, rows, keys, width + 3, count, width, &plain, width)
        expectClose(mixed, plain)
      }
    }
  }

  /// Rows that see several ranges of their columns; the others become 0.
  @Test func softmaxOverRanges() {
    var random = PCG64(seed: 3)
    let columns = 90
    let visible: [[Range<Int32>]] = [
      [0..<1], [0..<17, 20..<37], [5..<90], [89..<90], [0..<40, 41..<42, 60..<90],
    ]
    var starts: [Int32] = [0]
    var ranges: [Int32] = []
    for row in visible {
      for range in row { ranges += [range.lowerBound, range.upperBound] }
      starts.append(Int32(ranges.count / 2))
    }
    var ours = floats(visible.count * columns, &random, 30)
    var theirs = ours
    dsx_softmax_ranges(&ours, visible.count, columns, starts, ranges)
    dsx_softmax_ranges_scalar(&theirs, visible.count, columns, starts, ranges)
    expectClose(ours, theirs)
    for (row, seen) in visible.enumerated() {
      let hidden = (0..<columns).filter { column in !seen.contains { $0.contains(Int32(column)) } }
      #expect(hidden.allSatisfy { ours[row * columns + $0] == 0 })
      let sum = ours[row * columns..<(row + 1) * columns].reduce(0, +)
      #expect(abs(sum - 1) < 1e-5)
    }
  }

  @Test func firstNotFinite() {
    var values = [Float](repeating: 1, count: 5_000)
    #expect(dsx_first_not_finite(values, values.count) == 5_000)
    #expect(dsx_first_not_finite(values, 0) == 0)
    values[4_321] = .infinity
    values[4_400] = .nan
    #expect(dsx_first_not_finite(values, values.count) == 4_321)
    values[2] = .nan
    #expect(dsx_first_not_finite(values, values.count) == 2)
  }
}
