/// CPython's `random.Random(seed)` (checked against 3.11): the draws that documented results of
/// Python tools depend on.
public struct PythonRandom: Sendable {
  private var words: MT19937

  /// `random.Random(seed)` for a seed that is not negative.
  public init(seed: UInt64) { words = MT19937(pythonSeed: seed) }

  /// `random()`: a double in [0, 1) with 53 bits.
  public mutating func random() -> Double { words.unit() }

  /// One element's number of `choices(range(count))`: `floor(random() * count)`.
  public mutating func choice(_ count: Int) -> Int { Int(words.unit() * Double(count)) }

  /// `choices(range(count), k=draws)`.
  public mutating func choices(_ count: Int, draws: Int) -> [Int] {
    (0..<draws).map { _ in choice(count) }
  }

  /// `randrange(bound)` for bounds from 1 to 2^32 - 1: as many bits as the bound has, drawn again while
  /// they are not below it.
  public mutating func below(_ bound: UInt32) -> UInt32 {
    guard bound > 0 else { return 0 }
    let drop = UInt32(bound.leadingZeroBitCount)
    while true {
      let value = words.next32() >> drop
      if value < bound { return value }
    }
  }

  /// `shuffle(values)`.
  public mutating func shuffle<Element>(_ values: inout [Element]) {
    for last in values.indices.dropFirst().reversed() {
      values.swapAt(last, Int(below(UInt32(truncatingIfNeeded: last + 1))))
    }
  }

  /// `sample(range(count), k=draws)`: from a shrinking pool where that is small, else by drawing again
  /// what was drawn already. `draws` is at most `count`.
  public mutating func sample(_ count: Int, draws: Int) -> [Int] {
    let draws = min(draws, count)
    var poolLimit = 21
    if draws > 5 {
      // 4 ** ceil(log(3 k, 4)): the smallest power of 4 that is not below 3 k.
      var power = 1
      while power < 3 * draws { power *= 4 }
      poolLimit += power
    }
    if count <= poolLimit {
      var pool = Array(0..<count)
      return (0..<draws).map { step in
        let place = Int(below(UInt32(truncatingIfNeeded: count - step)))
        defer { pool[place] = pool[count - step - 1] }
        return pool[place]
      }
    }
    var seen: Set<Int> = []
    return (0..<draws).map { _ in
      var number = Int(below(UInt32(truncatingIfNeeded: count)))
      while !seen.insert(number).inserted {
        number = Int(below(UInt32(truncatingIfNeeded: count)))
      }
      return number
    }
  }
}
