internal import Glibc
internal import DSXCore

/// A sum of doubles without rounding: the same for every order and partition of the summands.
///
/// While the sum is that of two doubles, `high` and `low` hold it: so it is for one number, and for
/// most sums of many of one size. What they cannot hold goes to a fixed-point number in 32-bit
/// digits held in 64-bit limbs, as Neal's superaccumulator (arXiv:1505.05571). Limb i weighs
/// 2^(32 i - 1074):
///
/// | limb | 0 | 1 | ... | 65 | 66, 67 |
/// |---|---|---|---|---|---|
/// | weight | 2^-1074 | 2^-1042 | | 2^1006 | room for carries |
///
/// Canonical form: every limb but the last lies in 0..<2^32, the last carries the sign.
public struct ExactSum: Sendable {
  private static let limbCount = 68
  /// Empty while `high + low` is the sum.
  private var limbs: [Int64] = []
  /// Additions since the limbs were last canonical; each changes a limb by less than 2^32.
  private var pending = 0
  /// Without limbs: the sum is exactly `high + low`. With limbs: 0.
  private var high = 0.0
  private var low = 0.0

  /// 0
  public init() {}

  /// Adds a finite number; others are ignored (callers check and report them).
  public mutating func add(_ value: Double) {
    guard value.isFinite, value != 0 else { return }
    guard limbs.isEmpty else { return addToLimbs(value) }
    let (sum, rest) = Self.both(high, value)
    let (small, lost) = Self.both(low, rest)
    // A sum over the largest double, and errors of three sizes, need the limbs.
    guard lost == 0, sum.isFinite else {
      spread()
      return addToLimbs(value)
    }
    (high, low) = (sum, small)
  }

  /// The rounded sum of two numbers and its rounding error: together they are the exact sum, unless it
  /// overflows. Source: Knuth, TAOCP 2, 4.2.2, theorem B.
  @inline(__always)
  private static func both(_ left: Double, _ right: Double) -> (sum: Double, error: Double) {
    let sum = left + right
    let back = sum - left
    return (sum, (left - (sum - back)) + (right - back))
  }

  /// Brings the sum into limbs.
  private mutating func spread() {
    limbs = [Int64](repeating: 0, count: Self.limbCount)
    let numbers = (high, low)
    (high, low) = (0, 0)
    if numbers.0 != 0 { addToLimbs(numbers.0) }
    if numbers.1 != 0 { addToLimbs(numbers.1) }
  }

  private mutating func addToLimbs(_ value: Double) {
    let exponent = max(1, Int(value.exponentBitPattern))
    let implicit: UInt64 = value.exponentBitPattern == 0 ? 0 : 1 << 52
    let place = exponent - 1
    var digits = UInt128(value.significandBitPattern | implicit) << UInt128(place & 31)
    var limb = place >> 5
    while digits != 0 {
      let digit = Int64(digits & 0xffff_ffff)
      limbs[limb] += value < 0 ? -digit : digit
      digits >>= 32
      limb += 1
    }
    pending += 1
    if pending >= 1 << 29 { normalise() }
  }

  /// Adds left * right without rounding (barring underflow of the product's last bits).
  public mutating func add(product left: Double, _ right: Double) {
    let product = left * right
    guard product.isFinite else { return }
    add(product)
    add((-product).addingProduct(left, right))
  }

  /// Adds another sum.
  public mutating func add(_ other: ExactSum) {
    guard !other.limbs.isEmpty else {
      add(other.high)
      add(other.low)
      return
    }
    guard !limbs.isEmpty else {
      let numbers = (high, low)
      self = other
      add(numbers.0)
      add(numbers.1)
      return
    }
    // A canonical limb is below 2^32 too: it counts as one addition.
    for index in limbs.indices { limbs[index] += other.limbs[index] }
    pending += other.pending + 1
    if pending >= 1 << 29 { normalise() }
  }

  /// The sum, rounded once to the nearest double (ties to even).
  public var value: Double {
    guard !limbs.isEmpty else { return high + low }
    var sum = self
    sum.normalise()
    guard let top = sum.limbs.last else { return 0 }
    let isNegative = top < 0
    if isNegative {
      for index in sum.limbs.indices { sum.limbs[index] = -sum.limbs[index] }
      sum.normalise()
    }
    guard let highest = sum.limbs.lastIndex(where: { $0 != 0 }) else { return 0 }
    // 97 to 128 bits from the highest limb down; what lies below only breaks ties.
    var digits: UInt128 = 0
    for offset in 0..<4 where highest - offset >= 0 {
      digits |=
        UInt128(UInt64(bitPattern: sum.limbs[highest - offset])) << UInt128(96 - 32 * offset)
    }
    if highest >= 4, sum.limbs[..<(highest - 3)].contains(where: { $0 != 0 }) { digits |= 1 }
    let magnitude = scalbn(Double(digits), Int32(32 * (highest - 3) - 1074))
    return isNegative ? -magnitude : magnitude
  }

  /// The same sum in canonical limbs; none for 0.
  private var canonical: ExactSum {
    var copy = self
    if limbs.isEmpty, high != 0 || low != 0 { copy.spread() }
    copy.normalise()
    return copy
  }

  private mutating func normalise() {
    pending = 0
    guard !limbs.isEmpty else { return }
    for index in 0..<(Self.limbCount - 1) {
      let carry = limbs[index] >> 32
      limbs[index] -= carry << 32
      limbs[index + 1] += carry
    }
    if limbs.allSatisfy({ $0 == 0 }) { limbs = [] }
  }
}

extension ExactSum: Equatable {
  /// Whether both sums are the same number.
  public static func == (left: ExactSum, right: ExactSum) -> Bool {
    left.canonical.limbs == right.canonical.limbs
  }
}

extension ExactSum: Codable {
  private enum CodingKeys: String, CodingKey { case first, limbs }

  /// Writes `first` (the number of the first limb) and `limbs`, canonical, without outer zeros: the
  /// same bytes for the same sum.
  public func encode(to encoder: any Encoder) throws {
    let limbs = canonical.limbs
    let first = limbs.firstIndex { $0 != 0 } ?? 0
    let last = limbs.lastIndex { $0 != 0 } ?? -1
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(first, forKey: .first)
    try container.encode(first <= last ? Array(limbs[first...last]) : [], forKey: .limbs)
  }

  /// Reads what `encode` wrote; anything not canonical is an error.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let first = try container.decode(Int.self, forKey: .first)
    let stored = try container.decode([Int64].self, forKey: .limbs)
    guard first >= 0, first < Self.limbCount, stored.count <= Self.limbCount - first,
      stored.enumerated().allSatisfy({ offset, limb in
        first + offset == Self.limbCount - 1
          ? limb.magnitude < UInt64(1) << 31 : (0..<(1 << 32)).contains(limb)
      })
    else { throw DSXError(.malformed, "stored sums are not in canonical form") }
    guard stored.contains(where: { $0 != 0 }) else { return }
    limbs = [Int64](repeating: 0, count: Self.limbCount)
    for (offset, limb) in stored.enumerated() { limbs[first + offset] = limb }
  }
}
