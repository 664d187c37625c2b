internal import Glibc

/// Numbers as text, the same on every machine: no locale, `.` before decimals, `,` between thousands.
public enum NumberFormat {
  /// What stands for a number that is not defined.
  public static let missing = "—"

  /// Exactly `decimals` digits (0...17) after the point, correctly rounded, thousands grouped.
  /// Not a number gives `NaN`, the infinities `∞` and `-∞`; a rounded zero has no minus sign.
  public static func fixed(_ value: Double, _ decimals: Int) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-∞" : "∞" }
    let digits = plain(value, decimals)
    let isNegative = digits.hasPrefix("-") && digits.utf8.contains { (0x31...0x39).contains($0) }
    let magnitude = digits.hasPrefix("-") ? digits.dropFirst() : digits[...]
    let point = magnitude.firstIndex(of: ".") ?? magnitude.endIndex
    let sign = isNegative ? "-" : ""
    return sign + grouped(digits: magnitude[..<point]) + magnitude[point...]
  }

  /// An integer, thousands grouped: `31,204`.
  public static func grouped(_ value: Int) -> String {
    let digits = String(value.magnitude)
    return (value < 0 ? "-" : "") + grouped(digits: digits[...])
  }

  /// At least `digits` significant digits without an exponent: `27.8`, `0.0412`, `31,204`.
  public static func significant(_ value: Double, _ digits: Int = 3) -> String {
    guard value.isFinite, value != 0 else { return value == 0 ? "0" : fixed(value, 0) }
    let decimals = max(0, min(17, digits - 1 - exponent(value)))
    let shorter = max(0, min(17, digits - 1 - exponent(rounded(value, decimals))))
    return fixed(value, min(decimals, shorter))
  }

  /// A value and its standard error: the error with two significant digits, the value to the same
  /// place. `0.6462` and `0.0048`; `18.421` and `0.080`; `45,600` and `1,200`.
  ///
  /// Without a usable error (nil, 0, not finite) the value has `decimals` digits.
  public static func measured(
    _ value: Double?, standardError: Double?, decimals: Int = 4
  ) -> (value: String, error: String?) {
    guard let value else { return (missing, nil) }
    guard let error = standardError, error.isFinite, value.isFinite, error > 0 else {
      return (fixed(value, decimals), standardError == 0 ? "0" : nil)
    }
    var places = 1 - exponent(error)
    // 0.00996 rounds up to 0.010: one place fewer, or it would show three digits.
    if exponent(rounded(error, min(17, places))) > exponent(error) { places -= 1 }
    if places >= 0 {
      places = min(places, 12)
      return (fixed(value, places), fixed(error, places))
    }
    let unit = pow(10.0, Double(-places))
    return (fixed((value / unit).rounded() * unit, 0), fixed((error / unit).rounded() * unit, 0))
  }

  /// A value and its standard error in one string: `0.6462 ± 0.0048`.
  public static func measuredText(_ value: Double?, standardError: Double?) -> String {
    let text = measured(value, standardError: standardError)
    return text.error.map { "\(text.value) ± \($0)" } ?? text.value
  }

  /// Three digits and a power of ten, for numbers too large to read otherwise: `2.03e44`.
  public static func scientific(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return fixed(value, 0) }
    var power = exponent(value)
    var mantissa = value / pow(10, Double(power))
    if abs(mantissa) >= 9.995 {
      mantissa /= 10
      power += 1
    }
    return fixed(mantissa, 2) + "e" + String(power)
  }

  /// A share as per cent: `percent(0.647, 1)` is `64.7 %`.
  public static func percent(_ share: Double, _ decimals: Int = 1) -> String {
    share.isFinite ? fixed(share * 100, decimals) + " %" : missing
  }

  /// A p-value: three digits, `<0.001` below.
  public static func pValue(_ value: Double) -> String {
    guard value.isFinite else { return missing }
    return value < 0.001 ? "<0.001" : fixed(value, 3)
  }

  /// A change, always with its sign: `+0.0073`.
  public static func signed(_ value: Double, _ decimals: Int) -> String {
    let text = fixed(value, decimals)
    let isZero = !text.utf8.contains { (0x31...0x39).contains($0) }
    return value > 0 && !isZero ? "+" + text : text
  }

  /// A duration: `12 ms`, `8.40 s`, `18 min 42 s`, `2 h 05 min`.
  public static func duration(seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e12 else { return missing }
    if seconds < 0.9995 { return significant((seconds * 1e6).rounded() / 1e3, 2) + " ms" }
    if seconds < 59.95 { return significant(seconds, 3) + " s" }
    let whole = Int(seconds.rounded())
    if whole < 3600 { return "\(whole / 60) min \(twoDigits(whole % 60)) s" }
    let minutes = Int((seconds / 60).rounded())
    return "\(grouped(minutes / 60)) h \(twoDigits(minutes % 60)) min"
  }

  /// A size in decimal units: `512 B`, `1.90 GB`.
  public static func bytes(_ count: Int) -> String {
    var value = Double(count)
    for unit in ["B", "kB", "MB", "GB", "TB"] {
      // 999.5 would print as 1,000: take the next unit instead.
      if abs(value) < (unit == "B" ? 1000 : 999.5) || unit == "TB" {
        return (unit == "B" ? grouped(count) : significant(value, 3)) + " " + unit
      }
      value /= 1000
    }
    return grouped(count) + " B"
  }

  /// `%.*f` in the C locale: correctly rounded, any size.
  static func plain(_ value: Double, _ decimals: Int) -> String {
    let digits = Int32(max(0, min(17, decimals)))
    return withVaList([digits, value]) { arguments in
      // The largest double has 309 digits before the point.
      withUnsafeTemporaryAllocation(of: CChar.self, capacity: 384) { buffer -> String in
        let count = vsnprintf(buffer.baseAddress, buffer.count, "%.*f", arguments)
        guard count > 0, count < buffer.count else { return "NaN" }
        return String(
          decoding: buffer.prefix(Int(count)).map {
            // A host program may have set a locale with a comma.
            $0 == 0x2c ? 0x2e : UInt8(bitPattern: $0)
          }, as: UTF8.self)
      }
    }
  }

  /// The power of ten of the first digit that is not 0; 0 for 0.
  static func exponent(_ value: Double) -> Int {
    guard value != 0, value.isFinite else { return 0 }
    let magnitude = abs(value)
    var guess = Int(floor(log10(magnitude)))
    // log10 may be one rounding off at powers of ten.
    if pow(10, Double(guess + 1)) <= magnitude { guess += 1 }
    if pow(10, Double(guess)) > magnitude { guess -= 1 }
    return guess
  }

  private static func rounded(_ value: Double, _ decimals: Int) -> Double {
    let unit = pow(10.0, Double(decimals))
    let scaled = (value * unit).rounded()
    return scaled.isFinite ? scaled / unit : value
  }

  private static func grouped(digits: Substring) -> String {
    var text = ""
    for (index, digit) in digits.utf8.enumerated() {
      if index > 0, (digits.utf8.count - index) % 3 == 0 { text.append(",") }
      text.unicodeScalars.append(Unicode.Scalar(digit))
    }
    return text
  }

  private static func twoDigits(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
}
