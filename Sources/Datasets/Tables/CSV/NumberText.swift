/// Numbers as text: the forms that tables take, read straight from bytes.
///
/// Integers are `0` or `-?[1-9][0-9]*`, numbers are JSON's: a fraction and an exponent may follow, and
/// `-0` is one of them. So `007`, `+1`, ` 1`, `1_000`, `0x10`, `.5`, `5.`, `inf` and `NaN` are text, and
/// no column loses what was written.
enum NumberText {
  /// The integer that `count` bytes at `text` write; nil for other text, and for what Int64 does not hold.
  /// `room` bytes may be looked at.
  @inline(__always)
  static func int64(_ text: UnsafePointer<UInt8>, _ count: Int, room: Int) -> Int64? {
    guard count > 0 else { return nil }
    let isNegative = text[0] == UInt8(ascii: "-")
    let digits = isNegative ? text + 1 : text
    let length = isNegative ? count &- 1 : count
    guard length > 0, length <= 19 else { return nil }
    if digits[0] == UInt8(ascii: "0") { return length == 1 && !isNegative ? 0 : nil }
    let space = isNegative ? room &- 1 : room
    var value: UInt64
    if length <= 8, space >= 8 {
      guard let few = eightDigits(load(digits), length) else { return nil }
      value = few
    } else if length <= 16, space >= 16, length > 8 {
      guard let high = eightDigits(load(digits), 8),
        let low = eightDigits(load(digits + 8), length &- 8)
      else { return nil }
      value = high &* powersOfTen(length &- 8) &+ low
    } else {
      value = 0
      for index in 0..<length {
        let digit = digits[index] &- UInt8(ascii: "0")
        guard digit <= 9 else { return nil }
        // Nineteen digits stay below 2^64.
        value = value &* 10 &+ UInt64(digit)
      }
      guard value <= (isNegative ? 1 << 63 : (1 << 63) - 1) else { return nil }
    }
    return isNegative ? Int64(bitPattern: 0 &- value) : Int64(bitPattern: value)
  }

  @inline(__always)
  private static func load(_ text: UnsafePointer<UInt8>) -> UInt64 {
    UInt64(littleEndian: UnsafeRawPointer(text).loadUnaligned(as: UInt64.self))
  }

  @inline(__always)
  private static func powersOfTen(_ exponent: Int) -> UInt64 {
    var power: UInt64 = 1
    for _ in 0..<exponent { power = power &* 10 }
    return power
  }

  /// The value of the first `count` (1 to 8) of eight characters; nil when one of them is no digit.
  @inline(__always)
  private static func eightDigits(_ characters: UInt64, _ count: Int) -> UInt64? {
    // Moved to the end of the eight, with zeros in front.
    let shift = UInt64(truncatingIfNeeded: 64 &- 8 &* count)
    var word = characters &<< shift
    if count < 8 { word |= 0x3030_3030_3030_3030 &>> (64 &- shift) }
    let above = word &+ 0x4646_4646_4646_4646
    word = word &- 0x3030_3030_3030_3030
    guard (above | word) & 0x8080_8080_8080_8080 == 0 else { return nil }
    // Pairs, then fours, then eight digits.
    word = word &* 10 &+ (word &>> 8)
    let low = (word & 0x0000_00ff_0000_00ff) &* 0x000f_4240_0000_0064
    let high = ((word &>> 16) & 0x0000_00ff_0000_00ff) &* 0x0000_2710_0000_0001
    return (low &+ high) &>> 32
  }

  /// What a number is made of: value = ±mantissa × 10^exponent.
  private struct Decimal {
    var isNegative = false
    var mantissa: UInt64 = 0
    var digits = 0
    var exponent = 0
    var isInteger = true
  }

  /// The number that `count` bytes at `text` write, correctly rounded; nil for other text and for what is
  /// beyond float64. `exactIntegers` refuses integers that float64 does not hold exactly.
  @inline(__always)
  static func double(
    _ text: UnsafePointer<UInt8>, _ count: Int, exactIntegers: Bool
  ) -> Double? {
    guard let decimal = scan(text, count) else { return nil }
    if decimal.digits <= 19, decimal.mantissa <= 1 << 53 {
      // Both factors are exact, so the one operation rounds once (Clinger 1990).
      let magnitude: Double
      switch decimal.exponent {
      case 0: magnitude = Double(decimal.mantissa)
      case -22 ... -1: magnitude = Double(decimal.mantissa) / power(-decimal.exponent)
      case 1...22: magnitude = Double(decimal.mantissa) * power(decimal.exponent)
      default: return slowDouble(text, count, decimal, exactIntegers)
      }
      return decimal.isNegative ? -magnitude : magnitude
    }
    return slowDouble(text, count, decimal, exactIntegers)
  }

  @inline(never)
  private static func slowDouble(
    _ text: UnsafePointer<UInt8>, _ count: Int, _ decimal: Decimal, _ exactIntegers: Bool
  ) -> Double? {
    let bytes = UnsafeBufferPointer(start: text, count: count)
    if decimal.isInteger, exactIntegers {
      guard let value = Int64(String(decoding: bytes, as: UTF8.self)) else { return nil }
      return Double(exactly: value)
    }
    if decimal.digits <= 19,
      let value = DecimalRounding.double(decimal.mantissa, exponent: decimal.exponent)
    {
      return decimal.isNegative ? -value : value
    }
    let value = Double(String(decoding: bytes, as: UTF8.self))
    return value.flatMap { $0.isFinite ? $0 : nil }
  }

  /// The same for float32: rounded once, from the text.
  static func float(_ text: UnsafePointer<UInt8>, _ count: Int) -> Float? {
    guard let decimal = scan(text, count) else { return nil }
    if decimal.digits <= 19, decimal.mantissa <= 1 << 24, (-10...10).contains(decimal.exponent) {
      let power = Float(power(abs(decimal.exponent)))
      let whole = Float(decimal.mantissa)
      let magnitude = decimal.exponent < 0 ? whole / power : whole * power
      return decimal.isNegative ? -magnitude : magnitude
    }
    let value = Float(String(decoding: UnsafeBufferPointer(start: text, count: count), as: UTF8.self))
    return value.flatMap { $0.isFinite ? $0 : nil }
  }

  /// 10^exponent for exponents 0 to 22, where it is exact.
  @inline(__always)
  private static func power(_ exponent: Int) -> Double { exactPowers[exponent] }

  private static let exactPowers: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]

  /// The parts of a number; nil when the text has not the form of one.
  @inline(__always)
  private static func scan(_ text: UnsafePointer<UInt8>, _ count: Int) -> Decimal? {
    var result = Decimal()
    var index = 0
    if index < count, text[index] == UInt8(ascii: "-") {
      result.isNegative = true
      index = 1
    }
    let first = index
    while index < count {
      let digit = text[index] &- UInt8(ascii: "0")
      guard digit <= 9 else { break }
      result.mantissa = result.mantissa &* 10 &+ UInt64(digit)
      index &+= 1
    }
    let whole = index &- first
    guard whole > 0, whole == 1 || text[first] != UInt8(ascii: "0") else { return nil }
    result.digits = whole
    guard index < count else { return result }
    if text[index] == UInt8(ascii: ".") {
      result.isInteger = false
      index &+= 1
      let start = index
      while index < count {
        let digit = text[index] &- UInt8(ascii: "0")
        guard digit <= 9 else { break }
        result.mantissa = result.mantissa &* 10 &+ UInt64(digit)
        index &+= 1
      }
      let digits = index &- start
      guard digits > 0 else { return nil }
      result.exponent = 0 &- digits
      // Zeros in front are no digits of the mantissa.
      result.digits &+= digits
      if result.digits > 19, text[first] == UInt8(ascii: "0") {
        var zeros = start
        while zeros < index, text[zeros] == UInt8(ascii: "0") { zeros &+= 1 }
        result.digits = index &- zeros
      }
    }
    guard index < count else { return result }
    guard text[index] | 0x20 == UInt8(ascii: "e") else { return nil }
    result.isInteger = false
    index &+= 1
    guard index < count else { return nil }
    let isSmall = text[index] == UInt8(ascii: "-")
    if isSmall || text[index] == UInt8(ascii: "+") { index &+= 1 }
    guard index < count else { return nil }
    var exponent = 0
    while index < count {
      let digit = text[index] &- UInt8(ascii: "0")
      guard digit <= 9 else { return nil }
      // Far beyond float64 either way: what it is does not matter any more.
      if exponent < 100_000 { exponent = exponent &* 10 &+ Int(digit) }
      index &+= 1
    }
    result.exponent = result.exponent &+ (isSmall ? 0 &- exponent : exponent)
    return result
  }
}
