internal import Glibc
internal import Kernels

/// Which instructions the matrix products use: what the processor has, or less, where `DSX_KERNELS` says
/// `avx512`, `avx2` or `scalar` (for measurements and for machines under suspicion).
enum MatrixKernels {
  static let level: dsx_gemm_level = {
    let best = dsx_gemm_best()
    guard let value = getenv("DSX_KERNELS") else { return best }
    let wanted = String(cString: value)
    guard let found = names.first(where: { $0.name == wanted }) else { return best }
    return found.level.rawValue < best.rawValue ? found.level : best
  }()

  private static let names: [(name: String, level: dsx_gemm_level)] = [
    ("scalar", DSX_GEMM_SCALAR), ("avx2", DSX_GEMM_AVX2), ("avx512", DSX_GEMM_AVX512),
    ("avx512-bf16", DSX_GEMM_AVX512_BF16),
  ]

  /// The level's name for reports.
  static var name: String {
    names.first { $0.level == level }?.name ?? "unknown"
  }
}
