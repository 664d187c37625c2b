internal import Glibc

/// Memory that reads as zeros and cannot be written; unmapped with this object.
final class ZeroPages: @unchecked Sendable {
  let base: UnsafeRawPointer
  private let count: Int

  /// Nil where the system refuses.
  init?(count: Int) {
    let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
    guard let pointer = mmap(nil, count, PROT_READ, flags, -1, 0), pointer != MAP_FAILED else {
      return nil
    }
    base = UnsafeRawPointer(pointer)
    self.count = count
  }

  deinit { munmap(UnsafeMutableRawPointer(mutating: base), count) }
}
