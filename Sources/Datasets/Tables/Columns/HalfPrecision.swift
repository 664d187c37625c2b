/// IEEE half precision by arithmetic: not every processor's compiler has the type.
enum HalfPrecision {
  /// The nearest half-precision value, ties to even; infinite beyond 65,504.
  static func rounded(_ value: Double) -> Float {
    guard value.isFinite, value != 0 else { return Float(value) }
    let magnitude = value.magnitude
    // Eleven significant bits, and no step below 2^-24.
    let exponent = max(Int(magnitude.exponent), -14)
    let step = Double(sign: .plus, exponent: exponent - 10, significand: 1)
    let rounded = (magnitude / step).rounded(.toNearestOrEven) * step
    let result = rounded > 65_504 ? Float.infinity : Float(rounded)
    return value < 0 ? -result : result
  }
}
