/// N-grams that are as long in Chinese as they are in English.
///
/// A word weighs 3, a character of Han or Kana 2, as a Chinese word has one and a half characters. The
/// n-gram at a unit is the shortest run from there that weighs at least 3n: n words, or 1.5n characters
/// rounded up, or any mixture. Equal units give equal n-grams wherever they stand.
enum WeightedWindow {
  /// The factor of the polynomial hash; odd.
  static let base: UInt64 = 0x9e37_79b9_7f4a_7c15

  /// The most units that an n-gram can have.
  static func longest(_ n: Int) -> Int { (3 * n + 1) / 2 }

  /// Calls `body` with the first unit, the unit after the last, and the hash of each n-gram, from left
  /// to right. Linear in the number of units.
  @inline(__always)
  static func forEach(
    _ n: Int, hashes: UnsafeBufferPointer<UInt64>, lengths: UnsafeBufferPointer<UInt32>,
    powers: UnsafeBufferPointer<UInt64>, _ body: (Int, Int, UInt64) -> Void
  ) {
    let wanted = 3 * n
    var (end, weight) = (0, 0)
    var hash: UInt64 = 0
    for start in 0..<hashes.count {
      while weight < wanted {
        guard end < hashes.count else { return }
        hash = hash &* base &+ hashes[end]
        weight += lengths[end] & UnitList.wordBit != 0 ? 3 : 2
        end += 1
      }
      body(start, end, Mixing.spread(hash))
      hash = hash &- hashes[start] &* powers[end - start - 1]
      weight -= lengths[start] & UnitList.wordBit != 0 ? 3 : 2
    }
  }

  /// `base` to the powers 0 to `longest(n)`.
  static func powers(_ n: Int) -> [UInt64] {
    var powers: [UInt64] = [1]
    for _ in 0..<longest(n) { powers.append(powers[powers.count - 1] &* base) }
    return powers
  }
}
