internal import DSXCore
internal import Glibc

/// Ends the process cleanly on SIGINT and SIGTERM: unfinished temporary folders are removed first.
enum Interrupts {
  /// Blocks both signals for all threads and waits for them on a thread of its own, where removing
  /// files is safe. Call before any other thread starts.
  static func install() {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    sigaddset(&signals, SIGTERM)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    var thread = pthread_t()
    pthread_create(
      &thread, nil,
      { _ in
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGINT)
        sigaddset(&signals, SIGTERM)
        var received: Int32 = 0
        guard sigwait(&signals, &received) == 0 else { return nil }
        AtomicFolder.discardAll()
        Output.message("\ndsx: stopped by a signal; nothing half-written was left")
        _exit(128 + received)
      }, nil)
    pthread_detach(thread)
  }
}
