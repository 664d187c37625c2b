internal import DSXCore

/// A permutation of 0..<count that is computed, not stored: any place of it can be asked for alone, by
/// any process, in constant memory.
///
/// A Feistel network of 12 rounds over the smallest power of two that holds `count`, walked along its
/// cycle until the value is below `count` (fewer than two steps on average). The keys of the rounds are
/// the first 12 words of PCG64 seeded with the first 8 bytes (big-endian) of the SHA-256 of
/// `dsx shuffle NAME seed SEED epoch EPOCH`.
struct Permutation: Sendable {
  /// Number of values.
  let count: Int
  private let keys: [UInt64]
  private let leftBits: UInt64
  private let rightBits: UInt64

  /// The permutation for a seed and an epoch; `name` says of what, so that sets differ.
  init(count: Int, name: String, seed: UInt64, epoch: Int) {
    self.count = count
    let digest = SHA256.hex("dsx shuffle \(name) seed \(seed) epoch \(epoch)")
    var random = PCG64(seed: UInt64(digest.prefix(16), radix: 16) ?? 0)
    keys = (0..<12).map { _ in random.next() }
    let bits = UInt64(max(2, Int.bitWidth - max(0, count - 1).leadingZeroBitCount))
    leftBits = bits / 2
    rightBits = bits - leftBits
  }

  /// The value at `index`, which must be below `count`.
  subscript(_ index: Int) -> Int {
    var value = UInt64(index)
    repeat { value = encrypt(value) } while value >= UInt64(count)
    return Int(value)
  }

  private func encrypt(_ value: UInt64) -> UInt64 {
    // The halves may differ by a bit: they swap their widths with every round, and 12 is even.
    var (left, right) = (value >> rightBits, value & (1 << rightBits - 1))
    var (width, other) = (leftBits, rightBits)
    for key in keys {
      (left, right) = (right, (left ^ Self.mix(right ^ key)) & (1 << width - 1))
      (width, other) = (other, width)
    }
    return left << rightBits | right
  }

  /// The finaliser of splitmix64.
  private static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
