internal import Kernels

/// Order-preserving keys of doubles: a < b exactly when key(a) < key(b); -0 and 0 share one.
enum FloatKey {
  static func key(_ value: Double) -> UInt64 {
    let bits = (value + 0).bitPattern
    return bits >> 63 == 1 ? ~bits : bits | (1 << 63)
  }

  static func value(_ key: UInt64) -> Double {
    Double(bitPattern: key >> 63 == 1 ? key & ~(1 << 63) : ~key)
  }

  /// The key as a signed number of the same order: what is stored.
  static func signed(_ key: UInt64) -> Int64 { Int64(bitPattern: key ^ (1 << 63)) }
  static func unsigned(_ stored: Int64) -> UInt64 { UInt64(bitPattern: stored) ^ (1 << 63) }

  /// Sorts keys, smallest first: radix sort, linear time, as much memory again.
  static func sort(_ keys: inout [UInt64]) {
    let count = keys.count
    guard count > 1 else { return }
    let scratch = UnsafeMutableBufferPointer<UInt64>.allocate(capacity: count)
    defer { scratch.deallocate() }
    keys.withUnsafeMutableBufferPointer {
      dsx_sort_keys($0.baseAddress, scratch.baseAddress, count)
    }
  }
}
