internal import Kernels

/// How a process takes memory in large blocks, for commands that hold a few of them at a time for hours.
public enum LargeBlocks {
  /// From now on blocks of a megabyte and more come from the system and go back to it, in the whole process.
  ///
  /// Otherwise the C library raises its limit to 32 MB with what is freed, keeps such blocks in heaps, and these
  /// fall into pieces: converting 10 GB came to 335 MB, and takes 238.
  public static func goBackToTheSystem() { dsx_return_large_blocks(1 << 20) }
}
