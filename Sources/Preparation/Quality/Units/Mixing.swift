/// 64-bit mixing for hash tables and sketches: fixed constants, so results are the same everywhere.
enum Mixing {
  /// A bijection that spreads every bit over all others (the finaliser of SplitMix64).
  @inline(__always)
  static func spread(_ value: UInt64) -> UInt64 {
    var x = value
    x = (x ^ (x >> 30)) &* 0xbf58_476d_1ce4_e5b9
    x = (x ^ (x >> 27)) &* 0x94d0_49bb_1331_11eb
    return x ^ (x >> 31)
  }

  /// One hash of two words, in order.
  @inline(__always)
  static func combine(_ one: UInt64, _ two: UInt64) -> UInt64 {
    spread(one &* 0x9e37_79b9_7f4a_7c15 &+ two)
  }

  /// A hash of bytes: eight at a time, multiplied to 128 bits and folded.
  @inline(__always)
  static func bytes(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> UInt64 {
    var state = 0x9e37_79b9_7f4a_7c15 ^ UInt64(truncatingIfNeeded: range.count)
    var index = range.lowerBound
    while index + 8 <= range.upperBound {
      let word = UInt64(
        littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
      state = fold(state ^ word)
      index += 8
    }
    var tail: UInt64 = 0
    var shift: UInt64 = 0
    while index < range.upperBound {
      tail |= UInt64(bytes[index]) << shift
      shift += 8
      index += 1
    }
    return spread(fold(state ^ tail))
  }

  @inline(__always)
  private static func fold(_ value: UInt64) -> UInt64 {
    let product = value.multipliedFullWidth(by: 0xd6e8_feb8_6659_fd93)
    // Without the sum, a word that makes `value` zero would wipe out all before it.
    return (product.high ^ product.low) &+ 0x2545_f491_4f6c_dd1d
  }
}
