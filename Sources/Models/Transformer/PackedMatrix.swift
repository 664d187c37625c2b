internal import Kernels

/// The copy of a matrix that the kernels of `gemm.h` read: made once, while the model is loaded.
///
/// A row's product with it is the same whatever rows stand beside it, and a single row runs at the speed
/// of the memory; OpenBLAS packs the whole matrix again for every call.
final class PackedMatrix: @unchecked Sendable {
  let matrix: Linear.Matrix
  private let memory: UnsafeMutableRawPointer
  /// Bytes that it takes.
  let byteCount: Int

  /// Packs a matrix that is not packed. Time: about a third of a second for 100 million numbers.
  init(_ source: Linear.Matrix, inputs: Int, outputs: Int, _ type: ComputeType) {
    let (weights, outputStep, inputStep): (UnsafePointer<Float>?, Int, Int) =
      switch source {
      case .byOutput(let weights): (weights, inputs, 1)
      case .byInput(let weights): (weights, 1, outputs)
      case .packed, .rounded: (nil, 0, 0)
      }
    switch type {
    case .float32:
      byteCount = dsx_gemm_f32_size(outputs, inputs)
      memory = .allocate(byteCount: max(64, byteCount), alignment: 64)
      let packed = memory.bindMemory(to: Float.self, capacity: byteCount / 4)
      dsx_gemm_pack_f32(weights, outputStep, inputStep, outputs, inputs, 0, outputs, packed)
      matrix = .packed(UnsafePointer(packed))
    case .bfloat16:
      byteCount = dsx_gemm_bf16_size(outputs, inputs)
      memory = .allocate(byteCount: max(64, byteCount), alignment: 64)
      let packed = memory.bindMemory(to: UInt16.self, capacity: byteCount / 2)
      dsx_gemm_pack_bf16(weights, outputStep, inputStep, outputs, inputs, 0, outputs, packed)
      matrix = .rounded(UnsafePointer(packed))
    }
  }

  deinit { memory.deallocate() }
}
