/// A permutation of `0..<count` that is computed, not stored: position -> row and row -> position in
/// constant time and memory, from (seed, epoch, count) alone.
///
/// A Feistel network over the smallest power of two that holds `count` (at least 2^10), with cycle
/// walking: a value outside of `0..<count` goes through the network again until it lies inside. All
/// arithmetic is on 64-bit words without overflow checks; `mix` is the finaliser of SplitMix64.
///
/// | step | definition |
/// |---|---|
/// | `G` | 0x9E3779B97F4A7C15 |
/// | `mix(z)` | `z ^= z >> 30; z *= 0xBF58476D1CE4E5B9; z ^= z >> 27; z *= 0x94D049BB133111EB; z ^ z >> 31` |
/// | key state | `s = mix(seed + G); s = mix(s ^ (epoch + G)); s = mix(s ^ count)` |
/// | round keys | `k[r] = mix(s + (r + 1) * G)`, r = 0...7 |
/// | halves | `bits = max(10, bit length of count - 1)`; low `l = bits - bits / 2` bits, high `h = bits / 2` |
/// | even round r | `high ^= mix(low ^ k[r]) >> (64 - h)` |
/// | odd round r | `low ^= mix(high ^ k[r]) >> (64 - l)` |
///
/// The definition is frozen: Tests/Fixtures/records-order holds vectors that an independent program
/// made. Good for shuffling, not for secrets. A walk takes two rounds of the network on average at most
/// (1024 / count for small counts).
public struct RowPermutation: Hashable, Sendable {
  /// How many rows are permuted.
  public let count: Int
  private let keys: [UInt64]
  private let lowBits: UInt64
  private let highBits: UInt64

  private static let rounds = 8
  private static let golden: UInt64 = 0x9e37_79b9_7f4a_7c15

  /// The permutation of `count` rows (at least 0) that belongs to a seed and an epoch.
  public init(count: Int, seed: UInt64, epoch: UInt64 = 0) {
    self.count = max(0, count)
    var state = Self.mix(seed &+ Self.golden)
    state = Self.mix(state ^ (epoch &+ Self.golden))
    state = Self.mix(state ^ UInt64(self.count))
    keys = (0..<Self.rounds).map { Self.mix(state &+ UInt64($0 + 1) &* Self.golden) }
    let length = Int.bitWidth - max(0, self.count - 1).leadingZeroBitCount
    let bits = UInt64(max(10, length))
    highBits = bits / 2
    lowBits = bits - bits / 2
  }

  /// The row at a position of the permuted order. Both lie in `0..<count`; constant time on average.
  public subscript(_ position: Int) -> Int {
    precondition(position >= 0 && position < count, "a position outside of the permutation")
    var value = UInt64(position)
    repeat { value = forward(value) } while value >= UInt64(count)
    return Int(value)
  }

  /// The position of a row in the permuted order: the inverse of the subscript.
  public func position(of row: Int) -> Int {
    precondition(row >= 0 && row < count, "a row outside of the permutation")
    var value = UInt64(row)
    repeat { value = backward(value) } while value >= UInt64(count)
    return Int(value)
  }

  @inline(__always)
  private static func mix(_ word: UInt64) -> UInt64 {
    var z = word
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  @inline(__always)
  private func forward(_ value: UInt64) -> UInt64 {
    var high = value &>> lowBits
    var low = value & ((1 &<< lowBits) &- 1)
    for round in 0..<Self.rounds {
      if round & 1 == 0 {
        high ^= Self.mix(low ^ keys[round]) &>> (64 &- highBits)
      } else {
        low ^= Self.mix(high ^ keys[round]) &>> (64 &- lowBits)
      }
    }
    return high &<< lowBits | low
  }

  @inline(__always)
  private func backward(_ value: UInt64) -> UInt64 {
    var high = value &>> lowBits
    var low = value & ((1 &<< lowBits) &- 1)
    for round in stride(from: Self.rounds - 1, through: 0, by: -1) {
      if round & 1 == 0 {
        high ^= Self.mix(low ^ keys[round]) &>> (64 &- highBits)
      } else {
        low ^= Self.mix(high ^ keys[round]) &>> (64 &- lowBits)
      }
    }
    return high &<< lowBits | low
  }
}
