/// Correctly rounded float64 values of decimal numbers with up to 19 digits.
///
/// Lemire, "Number parsing at a gigabyte per second" (2021): the mantissa times the leading 128 bits of
/// the power of ten decides nearly always; where it does not, the caller takes the slow way.
enum DecimalRounding {
  /// Exponents of ten whose powers are in the table.
  private static let exponents = -64...64

  /// The leading 128 bits of 10^q as 5^q, most significant bit set, rounded down for q >= 0 and for
  /// q < 0 the reciprocal rounded up, as the method asks.
  private static let powers: [(high: UInt64, low: UInt64)] = exponents.map { exponent in
    exponent >= 0 ? leading(ofPower: exponent) : leadingReciprocal(ofPower: -exponent)
  }

  /// mantissa × 10^exponent; nil where the table or its precision does not reach.
  static func double(_ mantissa: UInt64, exponent: Int) -> Double? {
    guard exponents.contains(exponent), mantissa != 0 else { return mantissa == 0 ? 0 : nil }
    let power = powers[exponent - exponents.lowerBound]
    let shift = mantissa.leadingZeroBitCount
    let whole = mantissa << UInt64(shift)
    var (high, low) = whole.multipliedFullWidth(by: power.high)
    if high & 0x1ff == 0x1ff {
      let more = whole.multipliedFullWidth(by: power.low).high
      let (sum, carried) = low.addingReportingOverflow(more)
      low = sum
      if carried { high &+= 1 }
      // Bits beyond these 128 might still turn the result.
      if low == .max { return nil }
    }
    let top = high >> 63
    var bits = high >> (top + 9)
    // floor(log2(10^q)) by a multiplication, right far beyond the table.
    let binary = ((152_170 + 65_536) * exponent) >> 16
    let exponent2 = binary + 1024 + 63 - (1 - Int(top)) - shift
    guard exponent2 > 0, exponent2 < 2046 else { return nil }
    // Exactly half way: round to even, which only short products can meet.
    if low <= 1, exponent >= -4, exponent <= 23, bits & 3 == 1,
      bits << (top + 9) == high
    {
      bits &= ~1
    }
    bits += bits & 1
    bits >>= 1
    var biased = exponent2
    if bits >= 1 << 53 {
      bits = 1 << 52
      biased += 1
    }
    return Double(
      sign: .plus, exponentBitPattern: UInt(biased), significandBitPattern: bits & ((1 << 52) - 1))
  }

  private static func leading(ofPower exponent: Int) -> (high: UInt64, low: UInt64) {
    var words: [UInt64] = [1]
    for _ in 0..<exponent { multiplyByFive(&words) }
    return top(words)
  }

  private static func multiplyByFive(_ words: inout [UInt64]) {
    var carry: UInt64 = 0
    for index in words.indices {
      let (high, low) = words[index].multipliedFullWidth(by: 5)
      let (sum, over) = low.addingReportingOverflow(carry)
      words[index] = sum
      carry = high + (over ? 1 : 0)
    }
    if carry > 0 { words.append(carry) }
  }

  /// The 128 bits from the most significant one on.
  private static func top(_ words: [UInt64]) -> (high: UInt64, low: UInt64) {
    let padded = [0, 0] + words
    let last = padded.count - 1
    let shift = UInt64(padded[last].leadingZeroBitCount)
    func word(_ index: Int) -> UInt64 {
      shift == 0 ? padded[index] : padded[index] << shift | padded[index - 1] >> (64 - shift)
    }
    guard last >= 2 else { return (word(last), 0) }
    return (word(last), word(last - 1))
  }

  /// 2^b / 5^n with 128 significant bits, rounded up: long division, one bit after the other.
  private static func leadingReciprocal(ofPower exponent: Int) -> (high: UInt64, low: UInt64) {
    var divisor: [UInt64] = [1]
    for _ in 0..<exponent { multiplyByFive(&divisor) }
    divisor.append(0)
    var rest = [UInt64](repeating: 0, count: divisor.count)
    rest[0] = 1
    var high: UInt64 = 0
    var low: UInt64 = 0
    while high >> 63 == 0 {
      double(&rest)
      high = high << 1 | low >> 63
      low <<= 1
      if isAtLeast(rest, divisor) {
        subtract(&rest, divisor)
        low |= 1
      }
    }
    let (sum, over) = low.addingReportingOverflow(1)
    return (over ? high &+ 1 : high, sum)
  }

  private static func double(_ words: inout [UInt64]) {
    var carry: UInt64 = 0
    for index in words.indices {
      let next = words[index] >> 63
      words[index] = words[index] << 1 | carry
      carry = next
    }
  }

  private static func isAtLeast(_ left: [UInt64], _ right: [UInt64]) -> Bool {
    for index in left.indices.reversed() where left[index] != right[index] {
      return left[index] > right[index]
    }
    return true
  }

  private static func subtract(_ left: inout [UInt64], _ right: [UInt64]) {
    var borrow: UInt64 = 0
    for index in left.indices {
      let (first, a) = left[index].subtractingReportingOverflow(right[index])
      let (second, b) = first.subtractingReportingOverflow(borrow)
      left[index] = second
      borrow = (a ? 1 : 0) + (b ? 1 : 0)
    }
  }
}
