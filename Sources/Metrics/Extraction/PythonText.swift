/// What Python's `str` methods and `re` classes say of code points, for the scripts that answers are
/// compared with.
enum PythonText {
  /// `str.isspace()`.
  static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09...0x0d, 0x1c...0x20, 0x85, 0xa0, 0x1680, 0x2000...0x200a, 0x2028, 0x2029, 0x202f,
      0x205f, 0x3000:
      true
    default: false
    }
  }

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

  /// `str.lower()`: full mappings, and sigma at the end of a word.
  static func lowered(_ text: some Sequence<Unicode.Scalar>) -> [Unicode.Scalar] {
    let scalars = Array(text)
    var result: [Unicode.Scalar] = []
    result.reserveCapacity(scalars.count)
    for (place, scalar) in scalars.enumerated() {
      if scalar.value < 0x80 {
        let isUpper = ("A"..."Z").contains(scalar)
        result.append(isUpper ? Unicode.Scalar(UInt8(scalar.value) + 32) : scalar)
      } else if scalar == "\u{3a3}" {
        result.append(isFinal(place, scalars) ? "\u{3c2}" : "\u{3c3}")
      } else {
        result.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
      }
    }
    return result
  }

  /// Whether a letter with case stands before the place and none after it, what has no say left out.
  private static func isFinal(_ place: Int, _ scalars: [Unicode.Scalar]) -> Bool {
    func nearest(_ places: some Sequence<Int>) -> Bool {
      for index in places where !scalars[index].properties.isCaseIgnorable {
        return scalars[index].properties.isCased
      }
      return false
    }
    return nearest((0..<place).reversed()) && !nearest((place + 1)..<scalars.count)
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
