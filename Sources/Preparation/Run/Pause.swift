internal import Glibc

/// Waiting.
enum Pause {
  /// Sleeps.
  static func milliseconds(_ count: Int) { usleep(UInt32(clamping: count) &* 1000) }
}
