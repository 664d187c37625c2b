internal import DSXCore
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
    // An error of a few units in the last place is none: it comes from rounding alone.
    let deviation = result?["standard_error"]?.double.flatMap { error in
      error.isFinite ? (error < abs(number) * 1e-9 ? 0 : error) : nil
    }
    if abs(number) < Self.readable, (deviation ?? 0) < Self.readable {
      let text = NumberFormat.measured(number, standardError: deviation)
      (value, error) = (text.value, text.error)
    } else {
      (value, error) = (NumberFormat.scientific(number), deviation.map(NumberFormat.scientific))
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
}
