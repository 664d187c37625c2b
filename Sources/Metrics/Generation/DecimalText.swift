internal import Glibc

/// Numbers as Python's format writes them.
enum DecimalText {
  /// `f"{value:.{digits}f}"`
  static func fixed(_ value: Double, _ digits: Int) -> String {
    var buffer = [CChar](repeating: 0, count: 400)
    let count = withVaList([Int32(truncatingIfNeeded: digits), value]) {
      vsnprintf(&buffer, buffer.count, "%.*f", $0)
    }
    guard count > 0, count < buffer.count else { return "\(value)" }
    return String(decoding: buffer[..<Int(count)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// `round(value, digits)`: the nearest double of the decimal text.
  static func rounded(_ value: Double, _ digits: Int) -> Double {
    Double(fixed(value, digits)) ?? value
  }
}
