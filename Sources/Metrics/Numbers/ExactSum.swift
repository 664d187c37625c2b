internal import Glibc
internal import DSXCore

/// A sum of doubles without rounding: the same for every order and partition of the summands.
///
/// A fixed-point number in 32-bit digits held in 64-bit limbs, as Neal's superaccumulator
/// (arXiv:1505.05571). Limb i weighs 2^(32 i - 1074):
///
/// | limb | 0 | 1 | ... | 65 | 66, 67 |
/// |---|---|---|---|---|---|
/// | weight | 2^-1074 | 2^-1042 | | 2^1006 | room for carries |
///
/// Canonical form: every limb but the last lies in 0..<2^32, the last carries the sign.
public struct ExactSum: Sendable {
  private static let limbCount = 68
  /// Empty while the sum is 0.
  private var limbs: [Int64] = []
  /// Additions since the limbs were last canonical; each changes a limb by less than 2^32.
  private var pending = 0

  /// 0
  public init() {}

  /// Adds a finite number; others are ignored (callers check and report them).
  public mutating func add(_ value: Double) {
    guard value.isFinite, value != 0 else { return }
    if limbs.isEmpty { limbs = [Int64](repeating: 0, count: Self.limbCount) }
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
    guard !other.limbs.isEmpty else { return }
    if limbs.isEmpty {
      self = other
      return
    }
    normalise()
    let other = other.canonical
    for index in limbs.indices { limbs[index] += other.limbs[index] }
    normalise()
  }

  /// The sum, rounded once to the nearest double (ties to even).
  public var value: Double {
    var sum = canonical
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

  private var canonical: ExactSum {
    var copy = self
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
