import DSXCore
import Kernels
import Testing

/// The loops of newer architectures against their scalar twins, on sizes around the 16 lanes.
@Suite struct NeuralKernelTests {
  private static let widths = [1, 3, 15, 16, 17, 31, 64, 100]

  private func floats(_ count: Int, _ random: inout PCG64, _ scale: Double = 6) -> [Float] {
    (0..<count).map { _ in Float((random.unit() - 0.5) * scale) }
  }

  private func expectClose(_ ours: [Float], _ theirs: [Float], _ relative: Float = 4e-6) {
    for (index, (mine, other)) in zip(ours, theirs).enumerated() {
      let bound = relative * max(1, abs(other))
      #expect(abs(mine - other) <= bound, "element \(index): \(mine) instead of \(other)")
    }
  }

  @Test func rootMeanSquareNorm() {
    var random = PCG64(seed: 31)
    for width in Self.widths {
      let (x, weight) = (floats(3 * width, &random), floats(width, &random))
      var (ours, theirs) = (x, x)
      dsx_rmsnorm(x, weight, 1e-5, &ours, 3, width)
      dsx_rmsnorm_scalar(x, weight, 1e-5, &theirs, 3, width)
      expectClose(ours, theirs, 1e-5)
    }
  }

  @Test func activationsWithAndWithoutBias() {
    typealias Loop = (UnsafeMutablePointer<Float>?, UnsafePointer<Float>?, Int, Int) -> Void
    let pairs: [(Loop, Loop)] = [
      (dsx_bias_gelu_quick, dsx_bias_gelu_quick_scalar), (dsx_bias_tanh, dsx_bias_tanh_scalar),
      (dsx_bias_gelu_tanh, dsx_bias_gelu_tanh_scalar),
      (dsx_bias_gelu_erf, dsx_bias_gelu_erf_scalar), (dsx_bias_silu, dsx_bias_silu_scalar),
      (dsx_bias_relu, dsx_bias_relu_scalar), (dsx_add_rows, dsx_add_rows_scalar),
    ]
    var random = PCG64(seed: 32)
    for (ours, theirs) in pairs {
      for width in Self.widths {
        let (x, bias) = (floats(2 * width, &random, 30), floats(width, &random))
        var (mine, other) = (x, x)
        ours(&mine, bias, 2, width)
        theirs(&other, bias, 2, width)
        expectClose(mine, other)
        (mine, other) = (x, x)
        ours(&mine, nil, 2, width)
        theirs(&other, nil, 2, width)
        expectClose(mine, other)
      }
      var bad: [Float] = [.nan, 1]
      ours(&bad, nil, 1, 2)
      #expect(bad[0].isNaN)
    }
  }

  @Test func gates() {
    typealias Loop = (
      UnsafePointer<Float>?, UnsafePointer<Float>?, Int, UnsafeMutablePointer<Float>?, Int, Int
    ) -> Void
    let pairs: [(Loop, Loop)] = [
      (dsx_silu_gate, dsx_silu_gate_scalar), (dsx_gelu_tanh_gate, dsx_gelu_tanh_gate_scalar),
      (dsx_gelu_erf_gate, dsx_gelu_erf_gate_scalar),
    ]
    var random = PCG64(seed: 33)
    for (ours, theirs) in pairs {
      for width in Self.widths {
        // Gate and up side by side, as a fused layer makes them.
        let both = floats(3 * 2 * width, &random, 20)
        var (mine, other) = (
          [Float](repeating: 0, count: 3 * width), [Float](repeating: 0, count: 3 * width)
        )
        both.withUnsafeBufferPointer { both in
          guard let base = both.baseAddress else { return }
          ours(base, base + width, 2 * width, &mine, 3, width)
          theirs(base, base + width, 2 * width, &other, 3, width)
        }
        expectClose(mine, other, 1e-5)
      }
    }
  }

  @Test func rotation() {
    typealias Loop = (
      UnsafeMutablePointer<Float>?, Int, Int, Int, Int, Int, UnsafePointer<Int32>?,
      UnsafePointer<Float>?, UnsafePointer<Float>?
    ) -> Void
    let pairs: [(Loop, Loop)] = [
      (dsx_rotate_split, dsx_rotate_split_scalar), (dsx_rotate_paired, dsx_rotate_paired_scalar),
    ]
    var random = PCG64(seed: 34)
    for (ours, theirs) in pairs {
      for (width, rotated) in [(2, 2), (6, 4), (64, 64), (80, 20), (9, 8)] {
        let (heads, rows) = (3, 4)
        let step = heads * width + 5
        let (cosines, sines) = (floats(7 * rotated / 2, &random), floats(7 * rotated / 2, &random))
        let positions: [Int32] = [6, 0, 3, 3]
        let x = floats(rows * step, &random)
        var (mine, other) = (x, x)
        ours(&mine, step, rows, heads, width, rotated, positions, cosines, sines)
        theirs(&other, step, rows, heads, width, rotated, positions, cosines, sines)
        expectClose(mine, other)
        // Nothing but the rotated numbers moves.
        for row in 0..<rows {
          for column in 0..<step where column >= heads * width || column % width >= rotated {
            #expect(mine[row * step + column] == x[row * step + column])
          }
        }
      }
    }
  }

  @Test func softmaxOfRows() {
    var random = PCG64(seed: 35)
    for (columns, count) in [(1, 1), (5, 3), (20, 20), (131, 129), (40, 1)] {
      let (rows, step) = (3, columns + 2)
      let x = floats(rows * step, &random, 40)
      var (mine, other) = (x, x)
      dsx_softmax_rows(&mine, rows, columns, step, count, 0.125)
      dsx_softmax_rows_scalar(&other, rows, columns, step, count, 0.125)
      expectClose(mine, other)
      for row in 0..<rows {
        let line = mine[row * step..<(row + 1) * step]
        #expect(line.dropFirst(count).prefix(columns - count).allSatisfy { $0 == 0 })
        #expect(line.suffix(2) == x[row * step..<(row + 1) * step].suffix(2))
      }
    }
  }

  @Test func sum() {
    var random = PCG64(seed: 36)
    let (a, b) = (floats(37, &random), floats(37, &random))
    var (mine, other) = (a, a)
    dsx_add(&mine, b, 37)
    dsx_add_scalar(&other, b, 37)
    #expect(mine == other)
  }
}
