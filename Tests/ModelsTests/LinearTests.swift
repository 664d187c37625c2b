import DSXCore
import Kernels
import Testing

@testable import Models

/// A linear layer's matrix as it is stored, packed, and rounded.
@Suite struct LinearTests {
  private func floats(_ count: Int, _ random: inout PCG64) -> [Float] {
    (0..<count).map { _ in Float(random.unit() * 2 - 1) }
  }

  private func product(
    _ linear: Linear, _ x: [Float], _ rows: Int, _ columns: Range<Int>, adding start: [Float]?
  ) -> [Float] {
    var result = start ?? [Float](repeating: .nan, count: rows * columns.count)
    x.withUnsafeBufferPointer { x in
      guard let base = x.baseAddress else { return }
      linear.multiply(
        LinearInput(rows: rows, floats: base, step: linear.inputs), columns: columns,
        into: &result, step: columns.count, adding: start != nil)
    }
    return result
  }

  @Test func packedAndRoundedAreNearTheStored() throws {
    var random = PCG64(seed: 51)
    for (rows, inputs, outputs) in [(1, 7, 40), (13, 300, 65), (300, 64, 33)] {
      let weights = floats(inputs * outputs, &random)
      let x = floats(rows * inputs, &random)
      let start = floats(rows * outputs, &random)
      try weights.withUnsafeBufferPointer { buffer in
        let base = try #require(buffer.baseAddress)
        for matrix in [Linear.Matrix.byOutput(base), .byInput(base)] {
          let stored = Linear(inputs: inputs, outputs: outputs, matrix)
          let plain = product(stored, x, rows, 0..<outputs, adding: start)
          for (type, bound) in [(ComputeType.float32, Float(2e-5)), (.bfloat16, 0.2)] {
            let copy = PackedMatrix(matrix, inputs: inputs, outputs: outputs, type)
            let packed = Linear(inputs: inputs, outputs: outputs, copy.matrix)
            let ours = product(packed, x, rows, 0..<outputs, adding: start)
            for (mine, other) in zip(ours, plain) { #expect(abs(mine - other) < bound) }
            // A part of the columns, and a row alone: the same bits.
            let part = product(packed, x, rows, 32..<outputs, adding: nil)
            let whole = product(packed, x, rows, 0..<outputs, adding: nil)
            let last = Array(x.suffix(inputs))
            let alone = product(packed, last, 1, 32..<outputs, adding: nil)
            #expect(Array(whole.suffix(outputs - 32)) == alone)
            #expect(Array(part.suffix(outputs - 32)) == alone)
            withExtendedLifetime(copy) {}
          }
        }
      }
    }
  }

  @Test func theLevelHasAName() {
    #expect(MatrixKernels.level.rawValue <= dsx_gemm_best().rawValue)
    #expect(MatrixKernels.name != "unknown")
  }
}
