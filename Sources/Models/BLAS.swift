internal import COpenBLAS
internal import DSXCore
internal import Glibc
internal import Kernels

/// What dsx asks of OpenBLAS and what it says of itself.
enum BLAS {
  /// One BLAS thread for each caller: dsx spreads sequences, not matrices, over threads, so results
  /// do not depend on the number of workers. Debian's pthread build takes calls from several threads
  /// at once.
  static func useOneThread() {
    if openblas_get_num_threads() != 1 { openblas_set_num_threads(1) }
  }

  /// The kernels that OpenBLAS chose for this processor (or that OPENBLAS_CORETYPE made it choose).
  static let core: String = openblas_get_corename().map { String(cString: $0) } ?? "unknown"

  /// Version and build options. Asked for once: OpenBLAS writes them into one buffer each time, and two threads
  /// that ask together read each other's halves.
  static let build: String = openblas_get_config().map { String(cString: $0) } ?? "unknown"

  /// The facts for a report; with a warning where the processor could do twice as much.
  static var facts: [RuntimeFact] {
    var facts = [
      RuntimeFact("blas", build), RuntimeFact("blas core", core), RuntimeFact("blas threads", "1"),
      RuntimeFact("kernels", kernels(dsx_gemm_best())),
    ]
    let preset = getenv("OPENBLAS_CORETYPE").map { String(cString: $0) }
    if let warning = warning(core: core, level: dsx_gemm_best(), preset: preset) {
      facts.append(RuntimeFact("blas warning", warning))
    }
    return facts
  }

  /// OpenBLAS's kernels that use 256 bits at most.
  private static let narrowCores: Set<String> = [
    "HASWELL", "ZEN", "PRESCOTT", "SANDYBRIDGE", "NEHALEM", "CORE2", "PENRYN", "DUNNINGTON", "ATOM",
    "EXCAVATOR", "STEAMROLLER", "PILEDRIVER", "BULLDOZER", "BARCELONA", "BOBCAT", "OPTERON",
    "ATHLON",
    "KATMAI", "COPPERMINE", "NORTHWOOD", "BANIAS", "OPTERON_SSE3", "NANO",
  ]

  /// What to say when the processor has AVX-512 and the chosen kernels do not use it. dsx leaves the
  /// user's variables as they are.
  static func warning(core: String, level: dsx_gemm_level, preset: String?) -> String? {
    guard level.rawValue >= DSX_GEMM_AVX512.rawValue,
      narrowCores.contains(core.uppercased())
    else { return nil }
    let why =
      preset.map { "OPENBLAS_CORETYPE=\($0) is set" }
      ?? "OpenBLAS does not know this processor; OPENBLAS_CORETYPE=SkylakeX makes it use them"
    return "this processor has AVX-512, but the \(core) kernels do not use it: \(why)"
  }

  /// OpenBLAS's kernels that use 512 bits.
  private static let wideCores: Set<String> = ["SKYLAKEX", "COOPERLAKE", "SAPPHIRERAPIDS"]

  /// Throws `usage` when OPENBLAS_CORETYPE made OpenBLAS choose kernels that this processor lacks the
  /// instructions for: the first product would end the process.
  static func check() throws(DSXError) {
    let preset = getenv("OPENBLAS_CORETYPE").map { String(cString: $0) }
    if let error = fault(core: core, level: dsx_gemm_best(), preset: preset) { throw error }
  }

  static func fault(core: String, level: dsx_gemm_level, preset: String?) -> DSXError? {
    guard let preset, level.rawValue < DSX_GEMM_AVX512.rawValue,
      wideCores.contains(core.uppercased())
    else { return nil }
    return DSXError(
      .usage,
      "OPENBLAS_CORETYPE=\(preset) chooses kernels that need AVX-512, which this processor does not have",
      hint: "leave the variable out, or set it to Haswell")
  }

  private static func kernels(_ level: dsx_gemm_level) -> String {
    switch level {
    case DSX_GEMM_AVX512_BF16: "avx512-bf16"
    case DSX_GEMM_AVX512: "avx512"
    case DSX_GEMM_AVX2: "avx2"
    default: "scalar"
    }
  }
}
