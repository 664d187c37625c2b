internal import Glibc

/// The threads that OpenBLAS starts when it is loaded.
public enum BLASThreads {
  /// Ends them; call it first thing in a program. dsx gives each of its own threads one BLAS thread, so
  /// they never get work; but they look for it for about a tenth of a second, on a core that others
  /// want. OpenBLAS starts them again should somebody ask it for threads. Nothing happens with an
  /// OpenBLAS without any.
  public static func end() {
    // First, as asking for it later would start them again.
    BLAS.useOneThread()
    // OpenBLAS names it in no header.
    guard let symbol = dlsym(nil, "blas_thread_shutdown_") else { return }
    typealias Shutdown = @convention(c) () -> Int32
    _ = unsafeBitCast(symbol, to: Shutdown.self)()
  }
}
