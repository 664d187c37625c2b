import DSXCore
import Kernels
import Testing

/// Each loop of Kernels against its scalar twin, on sizes around the 16 lanes.
@Suite struct KernelTests {
  private static let widths = [1, 3, 15, 16, 17, 31, 64, 100, 768]

  private func floats(_ count: Int, _ random: inout PCG64, _ scale: Double = 6) -> [Float] {
    (0..<count).map { _ in Float((random.unit() - 0.5) * scale) }
  }

  private func expectClose(_ ours: [Float], _ theirs: [Float], _ relative: Float = 4e-6) {
    for (index, (mine, other)) in zip(ours, theirs).enumerated() {
      let bound = relative * max(1, abs(other))
      #expect(abs(mine - other) <= bound, "element \(index): \(mine) instead of \(other)")
    }
  }

  @Test func layernorm() {
    var random = PCG64(seed: 1)
    for width in Self.widths {
      let x = floats(3 * width, &random)
      let (weight, bias) = (floats(width, &random), floats(width, &random))
      var (ours, theirs) = (x, x)
      dsx_layernorm(x, weight, bias, 1e-5, &ours, 3, width)
      dsx_layernorm_scalar(x, weight, bias, 1e-5, &theirs, 3, width)
      expectClose(ours, theirs, 2e-5)
    }
  }

  @Test func activations() {
    typealias Loop = (
      UnsafeMutablePointer<Float>?, UnsafePointer<Float>?, Int, Int
    ) -> Void
    let pairs: [(Loop, Loop)] = [
      (dsx_bias_gelu_tanh, dsx_bias_gelu_tanh_scalar),
      (dsx_bias_gelu_erf, dsx_bias_gelu_erf_scalar),
      (dsx_bias_silu, dsx_bias_silu_scalar), (dsx_bias_relu, dsx_bias_relu_scalar),
      (dsx_add_rows, dsx_add_rows_scalar),
    ]
    var random = PCG64(seed: 2)
    for (ours, theirs) in pairs {
      for width in Self.widths {
        let x = floats(2 * width, &random, 30)
        let bias = floats(width, &random)
        var (mine, other) = (x, x)
        ours(&mine, bias, 2, width)
        theirs(&other, bias, 2, width)
        expectClose(mine, other)
      }
      var bad: [Float] = [.nan, 1]
      ours(&bad, [0, 0], 1, 2)
      #expect(bad[0].isNaN)
    }
  }

  @Test func activationsAtTheEnds() {
    var x: [Float] = [-1e30, -200, -90, -20, 0, 20, 90, 200, 1e10]
    let bias = [Float](repeating: 0, count: x.count)
    var other = x
    dsx_bias_gelu_tanh(&x, bias, 1, x.count)
    dsx_bias_gelu_tanh_scalar(&other, bias, 1, x.count)
    #expect(zip(x, other).allSatisfy { abs($0 - $1) <= 1e-5 * max(1, abs($1)) })
  }

  @Test func softmax() {
    var random = PCG64(seed: 3)
    for (rows, first) in [(1, 1), (5, 1), (20, 13), (3, 129)] {
      let columns = first + rows - 1
      let x = floats(rows * columns, &random, 40)
      var (mine, other) = (x, x)
      dsx_softmax_causal(&mine, rows, columns, first)
      dsx_softmax_causal_scalar(&other, rows, columns, first)
      expectClose(mine, other)
      for row in 0..<rows {
        #expect(mine[row * columns + first + row..<(row + 1) * columns].allSatisfy { $0 == 0 })
      }
    }
  }

  @Test func logSumExp() {
    var random = PCG64(seed: 4)
    for width in Self.widths {
      let x = floats(4 * width, &random, 60)
      var (maxima, sums) = ([Float](repeating: -.infinity, count: 2), [0.0, 0.0])
      var (maxima2, sums2) = (maxima, sums)
      // Two blocks of each row, as the vocabulary's blocks come.
      x.withUnsafeBufferPointer { x in
        guard let base = x.baseAddress else { return }
        for block in 0..<2 {
          dsx_logsumexp_update(base + block * width, 2, width, 2 * width, &maxima, &sums)
          dsx_logsumexp_update_scalar(base + block * width, 2, width, 2 * width, &maxima2, &sums2)
        }
      }
      #expect(maxima == maxima2)
      for row in 0..<2 { #expect(abs(sums[row] / sums2[row] - 1) < 1e-6) }
    }
    var (maximum, sum): ([Float], [Double]) = ([-.infinity], [0])
    dsx_logsumexp_update([1, .nan, 2], 1, 3, 3, &maximum, &sum)
    #expect(sum[0].isNaN)
  }

  /// All 65,536 values of each 16-bit type.
  @Test func halves() {
    let halves = (UInt16.min...UInt16.max).map { $0 }
    var (ours, theirs) = (
      [Float](repeating: 0, count: 65_536), [Float](repeating: 0, count: 65_536)
    )
    dsx_half_to_float(halves, &ours, halves.count)
    dsx_half_to_float_scalar(halves, &theirs, halves.count)
    #expect(
      zip(ours, theirs).allSatisfy { $0.bitPattern == $1.bitPattern || $0.isNaN && $1.isNaN })
    dsx_bfloat16_to_float(halves, &ours, halves.count)
    dsx_bfloat16_to_float_scalar(halves, &theirs, halves.count)
    #expect(zip(ours, theirs).allSatisfy { $0.bitPattern == $1.bitPattern })
  }
}
