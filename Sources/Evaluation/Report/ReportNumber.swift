internal import DSXCore
internal import Glibc
internal import Reports

/// A result's value and standard error as a reader sees them.
///
/// Word perplexities of text without blanks exceed any fixed form: from 1e7 on both numbers are
/// written with an exponent. `Infinity` in report.json is a value above the range of a double.
struct ReportNumber {
  /// From here on numbers are written with an exponent.
  static let readable = 1e7

  let value: String
  let error: String?

  init(_ result: JSONValue?) {
    guard let number = result?["value"]?.double, number.isFinite else {
      value = Self.special(result?["value"])
      error = nil
      return
    }
    let deviation = result?["standard_error"]?.double.flatMap { $0.isFinite ? $0 : nil }
    if abs(number) < Self.readable, (deviation ?? 0) < Self.readable {
      let text = NumberFormat.measured(number, standardError: deviation)
      (value, error) = (text.value, text.error)
    } else {
      (value, error) = (Self.exponent(number), deviation.map(Self.exponent))
    }
  }

  /// A value to the digits of an error.
  static func text(_ value: Double?, error: Double?) -> String {
    guard let value else { return NumberFormat.missing }
    let members: [JSONValue.Member] = [
      .init("value", value.isFinite ? .double(value) : .string(value.isNaN ? "NaN" : "Infinity")),
      .init("standard_error", error.map { .double($0) } ?? .null),
    ]
    return ReportNumber(.object(members)).value
  }

  private static func special(_ value: JSONValue?) -> String {
    value?.string == "Infinity" || value == .double(.infinity) ? "∞" : NumberFormat.missing
  }

  private static func exponent(_ number: Double) -> String {
    guard number != 0 else { return "0" }
    var power = floor(log10(abs(number)))
    var mantissa = number / pow(10, power)
    if abs(mantissa) >= 9.995 {
      mantissa /= 10
      power += 1
    }
    return NumberFormat.fixed(mantissa, 2) + "e" + String(Int(power))
  }
}
