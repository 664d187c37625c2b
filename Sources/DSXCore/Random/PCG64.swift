/// A seeded random generator: PCG64 XSL-RR seeded through SeedSequence, as `numpy.random.default_rng(seed)`.
///
/// Gives NumPy's streams bit for bit (NumPy 2.4.6: `integers`-style bounded draws, `random`), so that
/// draws documented with a NumPy seed can be repeated here. Never seeded from time.
public struct PCG64: RandomNumberGenerator, Sendable {
  private var state: UInt128
  private let increment: UInt128
  private var buffered: UInt32?

  private static let multiplier: UInt128 =
    (UInt128(0x2360_ed05_1fc6_5da4) << 64) | 0x4385_df64_9fcc_f645

  /// A generator with a non-negative seed.
  public init(seed: UInt64) {
    let words = SeedSequence(seed: seed).generate(words: 8)
    func wide(_ index: Int) -> UInt128 {
      UInt128(words[index]) | (UInt128(words[index + 1]) << 32)
    }
    // Four 64-bit words: state high, state low, increment high, increment low.
    let initialState = (wide(0) << 64) | wide(2)
    let sequence = (wide(4) << 64) | wide(6)
    increment = (sequence << 1) | 1
    state = 0
    step()
    state &+= initialState
    step()
  }

  private mutating func step() { state = state &* Self.multiplier &+ increment }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    step()
    let folded = UInt64(truncatingIfNeeded: state >> 64) ^ UInt64(truncatingIfNeeded: state)
    let rotation = UInt64(truncatingIfNeeded: state >> 122)
    return (folded >> rotation) | (folded << ((64 &- rotation) & 63))
  }

  /// The next 32 random bits: the low half of a 64-bit draw first, then its high half.
  public mutating func next32() -> UInt32 {
    if let high = buffered {
      buffered = nil
      return high
    }
    let word = next()
    buffered = UInt32(truncatingIfNeeded: word >> 32)
    return UInt32(truncatingIfNeeded: word)
  }

  /// A uniform integer in `0..<bound` by Lemire's method on 32-bit draws, as NumPy's
  /// `Generator.integers(bound)` for bounds below 2^32. `bound` is at least 1.
  public mutating func bounded(_ bound: UInt32) -> UInt32 {
    guard bound > 1 else { return 0 }
    var product = UInt64(next32()) &* UInt64(bound)
    var low = UInt32(truncatingIfNeeded: product)
    if low < bound {
      let threshold = (0 &- bound) % bound
      while low < threshold {
        product = UInt64(next32()) &* UInt64(bound)
        low = UInt32(truncatingIfNeeded: product)
      }
    }
    return UInt32(truncatingIfNeeded: product >> 32)
  }

  /// Fills `numbers` with what as many calls of `bounded(bound)` give: two draws a step of the
  /// generator, about a nanosecond each.
  public mutating func fill(
    _ numbers: UnsafeMutableBufferPointer<UInt32>, below bound: UInt32
  ) {
    let (multiplier, increment) = (Self.multiplier, increment)
    var index = 0
    while index < numbers.count {
      if buffered == nil, bound > 1 {
        var state = state
        while index + 1 < numbers.count {
          let next = state &* multiplier &+ increment
          let folded = UInt64(truncatingIfNeeded: next >> 64) ^ UInt64(truncatingIfNeeded: next)
          let rotation = UInt64(truncatingIfNeeded: next >> 122)
          let word = (folded >> rotation) | (folded << ((64 &- rotation) & 63))
          let first = (word & 0xffff_ffff) &* UInt64(bound)
          let second = (word >> 32) &* UInt64(bound)
          // One of the two may have to be drawn again: left to `bounded`.
          guard UInt32(truncatingIfNeeded: first) >= bound,
            UInt32(truncatingIfNeeded: second) >= bound
          else { break }
          state = next
          numbers[index] = UInt32(truncatingIfNeeded: first >> 32)
          numbers[index + 1] = UInt32(truncatingIfNeeded: second >> 32)
          index += 2
        }
        self.state = state
        guard index < numbers.count else { return }
      }
      numbers[index] = bounded(bound)
      index += 1
    }
  }

  /// A uniform double in [0, 1) with 53 bits, as NumPy's `Generator.random()`.
  public mutating func unit() -> Double { Double(next() >> 11) * (1.0 / 9_007_199_254_740_992.0) }
}

/// NumPy's `SeedSequence` with a pool of four words: spreads one seed over any number of words.
struct SeedSequence {
  private var pool: [UInt32]

  init(seed: UInt64) {
    var entropy = [UInt32(truncatingIfNeeded: seed)]
    if seed >> 32 != 0 { entropy.append(UInt32(truncatingIfNeeded: seed >> 32)) }
    var hash: UInt32 = 0x43b0_d7e5
    func hashmix(_ input: UInt32) -> UInt32 {
      var value = input ^ hash
      hash = hash &* 0x931e_8875
      value = value &* hash
      return value ^ (value >> 16)
    }
    func mix(_ left: UInt32, _ right: UInt32) -> UInt32 {
      let value = 0xca01_f9dd &* left &- 0x4973_f715 &* right
      return value ^ (value >> 16)
    }
    pool = (0..<4).map { hashmix($0 < entropy.count ? entropy[$0] : 0) }
    for source in 0..<4 {
      for target in 0..<4 where source != target {
        pool[target] = mix(pool[target], hashmix(pool[source]))
      }
    }
  }

  func generate(words: Int) -> [UInt32] {
    var hash: UInt32 = 0x8b51_f9dd
    return (0..<words).map { index in
      var value = pool[index & 3] ^ hash
      hash = hash &* 0x58f3_8ded
      value = value &* hash
      return value ^ (value >> 16)
    }
  }
}
