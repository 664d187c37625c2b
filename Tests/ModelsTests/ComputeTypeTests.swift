import DSXCore
import Foundation
import Kernels
import Testing

@testable import Models

/// bfloat16 and packed layers, and what the runtime says.
@Suite struct ComputeTypeTests {
  @Test func roundsToBfloat16() throws {
    let scratch = try Scratch()
    try TinyGPT2(positions: 40).write(to: scratch)
    let plain = try ModelFolder.openModel(scratch.path)
    let rounded = try ModelFolder.openModel(
      scratch.path, ModelOptions(computeType: .bfloat16))
    var random = PCG64(seed: 6)
    let batch = (0..<12).map { length in
      (0..<3 + length * 3).map { _ in Int32(random.bounded(300)) }
    }
    let exact = try plain.logLikelihoods(batch, workers: 1)
    let close = try rounded.logLikelihoods(batch, workers: 1)
    let worst = zip(exact.joined(), close.joined()).reduce(0) { max($0, abs($1.0 - $1.1)) }
    #expect(worst > 1e-5 && worst < 0.2)
    for workers in [2, 3] {
      let same = try rounded.logLikelihoods(batch, workers: workers) == close
      #expect(same)
    }
    #expect(plain.info.parameters == rounded.info.parameters)
    // A session says what the scorer says.
    for model in [plain, rounded] {
      let session = try model.makeSession(ComputeOptions(workers: 2))
      let slot = try session.start([[1, 2, 3]])[0]
      let score = try model.logLikelihoods([[1, 2, 3, 4]], workers: 1)[0][2]
      let logits = session.withLogits(of: slot) { $0.map(Double.init) }
      let top = logits.max() ?? 0
      let sum = logits.reduce(0) { $0 + exp($1 - top) }
      #expect(abs(logits[4] - top - log(sum) - score) < 1e-4)
    }
  }

  @Test func warnsOfNarrowKernels() {
    let set = BLAS.warning(core: "Haswell", level: DSX_GEMM_AVX512, preset: "Haswell")
    #expect(set?.contains("OPENBLAS_CORETYPE=Haswell is set") == true)
    let unknown = BLAS.warning(core: "Zen", level: DSX_GEMM_AVX512_BF16, preset: nil)
    #expect(unknown?.contains("does not know this processor") == true)
    #expect(BLAS.warning(core: "SkylakeX", level: DSX_GEMM_AVX512, preset: nil) == nil)
    #expect(BLAS.warning(core: "Haswell", level: DSX_GEMM_AVX2, preset: nil) == nil)
  }

  /// Kernels whose instructions the processor lacks would end the process.
  @Test func refusesKernelsThatCannotRun() {
    let error = BLAS.fault(core: "SkylakeX", level: DSX_GEMM_AVX2, preset: "SkylakeX")
    #expect(error?.code == .usage)
    #expect(error?.message.contains("OPENBLAS_CORETYPE=SkylakeX") == true)
    #expect(BLAS.fault(core: "SkylakeX", level: DSX_GEMM_AVX512, preset: "SkylakeX") == nil)
    #expect(BLAS.fault(core: "Haswell", level: DSX_GEMM_AVX2, preset: "Haswell") == nil)
  }
}
