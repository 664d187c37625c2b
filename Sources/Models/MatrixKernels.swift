internal import Kernels

/// Which instructions the packed matrix products use (`gemm.h`); OpenBLAS chooses for itself.
enum MatrixKernels {
  /// The level's name for reports.
  static var name: String {
    switch dsx_gemm_best() {
    case DSX_GEMM_AVX512_BF16: "avx512-bf16"
    case DSX_GEMM_AVX512: "avx512"
    case DSX_GEMM_AVX2: "avx2"
    default: "scalar"
    }
  }
}
