/// The Mersenne Twister as NumPy's legacy `np.random.seed(seed)` sets it up.
///
/// Only for scripts whose results depend on that stream; everything new draws from `PCG64`. Source:
/// Matsumoto and Nishimura, MT19937 (2002 initialisation); checked against NumPy 2.4.6.
public struct MT19937: Sendable {
  private static let size = 624
  private var state: [UInt32]
  private var position = MT19937.size

  /// The generator after `np.random.seed(seed)`.
  public init(seed: UInt32) {
    var word = seed
    state = [word]
    state.reserveCapacity(Self.size)
    for index in 1..<UInt32(Self.size) {
      word = 1_812_433_253 &* (word ^ (word >> 30)) &+ index
      state.append(word)
    }
  }

  /// The generator after Python's `random.seed(seed)`: `init_by_array` of the seed's 32-bit words.
  public init(pythonSeed seed: UInt64) {
    self.init(seed: 19_650_218)
    var key = [UInt32(truncatingIfNeeded: seed)]
    if seed >> 32 != 0 { key.append(UInt32(truncatingIfNeeded: seed >> 32)) }
    var index = 1
    func mixed(_ factor: UInt32) -> UInt32 {
      state[index] ^ ((state[index - 1] ^ (state[index - 1] >> 30)) &* factor)
    }
    for step in 0..<Self.size {
      let word = step % key.count
      state[index] = mixed(1_664_525) &+ key[word] &+ UInt32(word)
      index += 1
      if index == Self.size {
        state[0] = state[Self.size - 1]
        index = 1
      }
    }
    for _ in 1..<Self.size {
      state[index] = mixed(1_566_083_941) &- UInt32(index)
      index += 1
      if index == Self.size {
        state[0] = state[Self.size - 1]
        index = 1
      }
    }
    state[0] = 0x8000_0000
  }

  /// The next 32 random bits.
  public mutating func next32() -> UInt32 {
    if position == Self.size { refill() }
    var word = state[position]
    position += 1
    word ^= word >> 11
    word ^= (word << 7) & 0x9d2c_5680
    word ^= (word << 15) & 0xefc6_0000
    return word ^ (word >> 18)
  }

  private mutating func refill() {
    for index in 0..<Self.size {
      let bits =
        (state[index] & 0x8000_0000) | (state[(index + 1) % Self.size] & 0x7fff_ffff)
      state[index] =
        state[(index + 397) % Self.size] ^ (bits >> 1) ^ (bits & 1 == 0 ? 0 : 0x9908_b0df)
    }
    position = 0
  }

  /// A uniform integer in `0..<bound` by masked rejection, as the legacy `randint` draws it.
  /// `bound` is at least 1; a bound of 1 draws nothing.
  public mutating func bounded(_ bound: UInt32) -> UInt32 {
    guard bound > 1 else { return 0 }
    let last = bound - 1
    let mask = UInt32.max >> UInt32(last.leadingZeroBitCount)
    while true {
      let word = next32() & mask
      if word <= last { return word }
    }
  }

  /// The numbers `0..<count` in random order: the legacy `np.random.permutation(count)`.
  public mutating func permutation(_ count: Int) -> [Int] {
    var numbers = Array(0..<max(0, count))
    for last in numbers.indices.dropFirst().reversed() {
      numbers.swapAt(last, Int(bounded(UInt32(last) + 1)))
    }
    return numbers
  }

  /// `count` numbers in `0..<bound`, with replacement: `np.random.choice(bound, count)`.
  public mutating func choice(_ bound: UInt32, _ count: Int) -> [Int] {
    (0..<count).map { _ in Int(bounded(bound)) }
  }

  /// A uniform double in [0, 1) with 53 bits: `np.random.random_sample()`.
  public mutating func unit() -> Double {
    let high = Double(next32() >> 5)
    let low = Double(next32() >> 6)
    return (high * 67_108_864 + low) / 9_007_199_254_740_992
  }
}
