internal import DSXCore
internal import Kernels

/// A matrix packed for the kernels of gemm.h.
final class PackedMatrix: @unchecked Sendable {
  private let memory: UnsafeMutableRawPointer

  /// Outputs that one thread packs at a time; a multiple of the panel.
  private static let share = 512

  /// Packs a plain matrix in float32 or rounded to bfloat16, on `workers` threads.
  init(_ linear: Linear, _ type: ComputeType, workers: Int = 1) {
    let (inputs, outputs) = (linear.inputs, linear.outputs)
    let bytes =
      type == .bfloat16
      ? dsx_gemm_bf16_size(outputs, inputs) : dsx_gemm_f32_size(outputs, inputs)
    memory = .allocate(byteCount: max(64, bytes), alignment: 64)
    let (source, outputStep, inputStep): (UnsafePointer<Float>?, Int, Int) =
      switch linear.matrix {
      case .byOutput(let weights): (weights, inputs, 1)
      case .byInput(let weights): (weights, 1, outputs)
      case .bfloat16: (nil, 0, 0)
      }
    guard let source else { return }
    nonisolated(unsafe) let (weights, target) = (source, memory)
    FanOut.run(count: (outputs + Self.share - 1) / Self.share, workers: workers) { pieces in
      while let piece = pieces.take() {
        let first = piece * Self.share
        let last = min(outputs, first + Self.share)
        if type == .bfloat16 {
          dsx_gemm_pack_bf16(
            weights, outputStep, inputStep, outputs, inputs, first, last,
            target.assumingMemoryBound(to: UInt16.self))
        } else {
          dsx_gemm_pack_f32(
            weights, outputStep, inputStep, outputs, inputs, first, last,
            target.assumingMemoryBound(to: Float.self))
        }
      }
    }
  }

  deinit { memory.deallocate() }

  /// Valid while this object lives.
  var floats: UnsafePointer<Float> { UnsafePointer(memory.assumingMemoryBound(to: Float.self)) }
  var halves: UnsafePointer<UInt16> { UnsafePointer(memory.assumingMemoryBound(to: UInt16.self)) }
}
