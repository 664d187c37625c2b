/// Counts of 64-bit keys in open addressing, emptied in one go; grown to the document at hand.
struct CountTable {
  private var keys: [UInt64] = []
  private var counts: [UInt32] = []
  private var mask = 0

  /// Makes room for `count` keys and forgets all.
  mutating func reset(_ count: Int) {
    var size = 64
    while size < count * 2 { size *= 2 }
    if size > keys.count {
      keys = [UInt64](repeating: 0, count: size)
      counts = [UInt32](repeating: 0, count: size)
    } else {
      // Only the part in use is cleared: most documents are short.
      counts.withUnsafeMutableBufferPointer {
        UnsafeMutableBufferPointer(rebasing: $0[..<size]).update(repeating: 0)
      }
    }
    mask = size - 1
  }

  /// Adds one to the count of a key and returns the count before.
  @inline(__always)
  mutating func add(_ key: UInt64) -> UInt32 {
    keys.withUnsafeMutableBufferPointer { keys in
      counts.withUnsafeMutableBufferPointer { counts in
        var slot = Int(truncatingIfNeeded: key) & mask
        while counts[slot] != 0, keys[slot] != key { slot = (slot + 1) & mask }
        keys[slot] = key
        counts[slot] &+= 1
        return counts[slot] &- 1
      }
    }
  }

  /// The count of a key.
  @inline(__always)
  func count(_ key: UInt64) -> UInt32 {
    keys.withUnsafeBufferPointer { keys in
      counts.withUnsafeBufferPointer { counts in
        var slot = Int(truncatingIfNeeded: key) & mask
        while counts[slot] != 0, keys[slot] != key { slot = (slot + 1) & mask }
        return counts[slot]
      }
    }
  }
}
