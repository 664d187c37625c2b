/// What Python's `str` methods and `re` classes say of code points, for the scripts that answers are
/// compared with.
enum PythonText {
  /// `str.isspace()`.
  static func isBlank(_ scalar: Unicode.Scalar) -> Bool { PythonBlank.isBlank(scalar.value) }

  /// `\w` of `re`: `str.isalnum()` or an underscore.
  static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.value < 0x80 {
      return scalar.properties.isAlphabetic || isASCIIDigit(scalar) || scalar == "_"
    }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
      return true
    default: return scalar.properties.numericType != nil
    }
  }

  /// `\d` of `re`: decimal digits of all scripts.
  static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x80
      ? isASCIIDigit(scalar) : scalar.properties.generalCategory == .decimalNumber
  }

  static func isASCIIDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

  /// `string.punctuation`: the 32 ASCII marks.
  static func isASCIIPunctuation(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x21...0x2f, 0x3a...0x40, 0x5b...0x60, 0x7b...0x7e: true
    default: false
    }
  }

  /// `str.lower()`.
  static func lowered(_ text: String) -> [Unicode.Scalar] {
    var text = text
    var bytes: [UInt8] = []
    text.withUTF8 { PythonLower.table.append(UnsafeRawBufferPointer($0), to: &bytes) }
    return Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)
  }

  /// `str.strip()`.
  static func stripped(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
    guard let first = text.firstIndex(where: { !isBlank($0) }),
      let last = text.lastIndex(where: { !isBlank($0) })
    else { return [] }
    return Array(text[first...last])
  }

  /// `str.split()`.
  static func words(_ text: [Unicode.Scalar]) -> [[Unicode.Scalar]] {
    text.split(whereSeparator: isBlank).map(Array.init)
  }

  /// The string of code points.
  static func string(_ scalars: some Sequence<Unicode.Scalar>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }
}
