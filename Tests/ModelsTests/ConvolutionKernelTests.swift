import DSXCore
import Kernels
import Testing

/// The loops of convolutional networks against their scalar twins.
@Suite struct ConvolutionKernelTests {
  private func floats(_ count: Int, _ random: inout PCG64) -> [Float] {
    (0..<count).map { _ in Float(random.unit() * 4 - 2) }
  }

  private func expectClose(_ ours: [Float], _ theirs: [Float]) {
    for (index, (mine, other)) in zip(ours, theirs).enumerated() {
      #expect(abs(mine - other) <= 1e-5 * max(1, abs(other)), "element \(index)")
    }
  }

  @Test func depthwise() {
    var random = PCG64(seed: 11)
    for (kernel, stride) in [(3, 1), (3, 2), (5, 1), (1, 3)] {
      for (height, width) in [(1, 1), (2, 15), (7, 16), (3, 33), (5, 112)] {
        let columns = (width - 1) * stride + kernel
        let padded = floats(((height - 1) * stride + kernel) * columns, &random)
        let weights = floats(kernel * kernel, &random)
        var ours = [Float](repeating: 0, count: height * width)
        var theirs = ours
        dsx_depthwise(
          padded, columns, weights, kernel, stride, 0.25, -3, 3, &ours, height, width)
        dsx_depthwise_scalar(
          padded, columns, weights, kernel, stride, 0.25, -3, 3, &theirs, height, width)
        expectClose(ours, theirs)
        #expect(ours.allSatisfy { (-3...3).contains($0) })
      }
    }
  }

  @Test func biasAndClamp() {
    var random = PCG64(seed: 12)
    for count in [1, 15, 16, 17, 49, 196] {
      let bias = floats(3, &random)
      var ours = floats(3 * count, &random)
      var theirs = ours
      dsx_bias_clamp(&ours, bias, 3, count, 0, .infinity)
      dsx_bias_clamp_scalar(&theirs, bias, 3, count, 0, .infinity)
      #expect(ours == theirs && ours.allSatisfy { $0 >= 0 })
    }
    var bad: [Float] = [.nan, -1, 9]
    dsx_bias_clamp(&bad, [0], 1, 3, 0, 6)
    #expect(bad[0].isNaN && bad[1] == 0 && bad[2] == 6)
  }
}
