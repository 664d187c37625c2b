internal import COpenBLAS

/// What dsx asks of OpenBLAS and what it says of itself.
enum BLAS {
  /// One BLAS thread for each caller: dsx spreads sequences, not matrices, over threads, so results
  /// do not depend on the number of workers. Debian's pthread build takes calls from several threads
  /// at once.
  static func useOneThread() {
    if openblas_get_num_threads() != 1 { openblas_set_num_threads(1) }
  }

  /// The kernels that OpenBLAS chose for this processor (or that OPENBLAS_CORETYPE made it choose).
  static var core: String { openblas_get_corename().map { String(cString: $0) } ?? "unknown" }

  /// Version and build options.
  static var build: String { openblas_get_config().map { String(cString: $0) } ?? "unknown" }

  /// The facts for a report.
  static var facts: [RuntimeFact] {
    [
      RuntimeFact("blas", build), RuntimeFact("blas core", core), RuntimeFact("blas threads", "1"),
      RuntimeFact("matrix kernels", MatrixKernels.name),
    ]
  }
}
