internal import Glibc

/// How memory in large blocks is taken, for commands that hold a few of them at a time for hours.
enum LargeBlocks {
  /// Blocks of a megabyte and more come from the system and go back to it. Otherwise the C library raises its
  /// limit to 32 MB with what is freed, keeps such blocks in heaps, and these fall into pieces: converting
  /// 10 GB took 335 MB for rows of at most 150.
  static func goBackToTheSystem() {
    mallopt(M_MMAP_THRESHOLD, 1 << 20)
    mallopt(M_TRIM_THRESHOLD, 1 << 20)
  }
}
