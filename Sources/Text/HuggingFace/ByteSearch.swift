internal import Glibc

extension Slice where Base == UnsafeRawBufferPointer {
  /// The place of the first byte of that value; nil when there is none.
  @inline(__always)
  func firstByte(_ byte: UInt8) -> Int? {
    guard !isEmpty, let start = base.baseAddress,
      let hit = memchr(start + startIndex, Int32(byte), count)
    else { return nil }
    return UnsafeRawPointer(hit) - start
  }
}
