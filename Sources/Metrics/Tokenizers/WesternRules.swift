/// The four replacements that sacrebleu's `13a` and `zh` share, in one pass over the bytes.
///
/// 1. ASCII punctuation but `' - , .` stands alone.
/// 2. `([^0-9])([.,])` → `\1 \2 `
/// 3. `([.,])([^0-9])` → ` \1 \2`
/// 4. `([0-9])(-)` → `\1 \2 `
///
/// Rules 2 and 3 consume two characters a match. For a run of k full stops and commas that comes
/// down to: all of them stand alone but the last one, which keeps to what follows when that is a
/// digit or the end of the text and the run is of even length behind another character, or of odd
/// length behind a digit (or the start of the text). A run of one then keeps to the digit before
/// it, too.
enum WesternRules {
  /// What a byte is to the rules.
  enum Kind: UInt8 {
    case plain
    case digit
    case blank
    /// Rule 1.
    case punctuation
    /// `.` and `,`
    case point
    case dash
    /// The first byte of a character that may be white space or Chinese.
    case lead
  }

  private static let kinds: [UInt8] = (0..<256).map { value in
    let byte = UInt8(value)
    let kind: Kind =
      switch byte {
      case 0x30...0x39: .digit
      case 0x2c, 0x2e: .point
      case 0x2d: .dash
      case 0x27: .plain
      case 0x21...0x2f, 0x3a...0x40, 0x5b...0x60, 0x7b...0x7e: .punctuation
      case 0xc2, 0xe1...0xef: .lead
      default: PythonBlank.isBlank(byte) ? .blank : .plain
      }
    return kind.rawValue
  }

  /// Appends the tokens; `isPadded` when the rules see a space at both ends (13a), `isChinese` when
  /// Chinese characters stand alone.
  static func split(
    _ text: UnsafeRawBufferPointer, isPadded: Bool, isChinese: Bool, into list: inout TokenList
  ) {
    let base = list.appendBytes(text)
    kinds.withUnsafeBufferPointer { kinds in
      var start = -1
      var index = 0
      while index < text.count {
        let kind = kinds[Int(text[index])]
        if kind <= Kind.digit.rawValue {
          if start < 0 { start = index }
          index += 1
          continue
        }
        switch Kind(rawValue: kind) {
        case .blank:
          if start >= 0 { list.append(base + start, base + index) }
          start = -1
          index += 1
        case .punctuation:
          if start >= 0 { list.append(base + start, base + index) }
          list.append(base + index, base + index + 1)
          start = -1
          index += 1
        case .dash:
          if index > 0, isDigit(text[index - 1]) {
            if start >= 0 { list.append(base + start, base + index) }
            list.append(base + index, base + index + 1)
            start = -1
          } else if start < 0 {
            start = index
          }
          index += 1
        case .point:
          index = splitPoints(text, index, isPadded, base, &start, &list)
        default:
          let (length, stands) = wide(text, index, isChinese: isChinese)
          if stands == .inside {
            if start < 0 { start = index }
          } else {
            if start >= 0 { list.append(base + start, base + index) }
            if stands == .alone { list.append(base + index, base + index + length) }
            start = -1
          }
          index += length
        }
      }
      if start >= 0 { list.append(base + start, base + text.count) }
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

  private static func splitPoints(
    _ text: UnsafeRawBufferPointer, _ first: Int, _ isPadded: Bool, _ base: Int,
    _ start: inout Int, _ list: inout TokenList
  ) -> Int {
    var end = first
    while end < text.count, text[end] == 0x2e || text[end] == 0x2c { end += 1 }
    let followsDigit = first > 0 ? isDigit(text[first - 1]) : !isPadded
    let precedesDigit = end < text.count ? isDigit(text[end]) : !isPadded
    let isOdd = (end - first) & 1 == 1
    let keeps = precedesDigit && isOdd == followsDigit
    if keeps, end - first == 1 {
      if start < 0 { start = first }
      return end
    }
    if start >= 0 { list.append(base + start, base + first) }
    for point in first..<(keeps ? end - 1 : end) { list.append(base + point, base + point + 1) }
    start = keeps ? end - 1 : -1
    return end
  }

  private enum Stand {
    case inside
    case alone
    case blank
  }

  private static func wide(
    _ text: UnsafeRawBufferPointer, _ index: Int, isChinese: Bool
  ) -> (length: Int, stands: Stand) {
    let blank = PythonBlank.length(text, index)
    if blank > 0 { return (blank, .blank) }
    let (scalar, length) = Scalars.read(text, index)
    return (length, isChinese && isChineseScalar(scalar) ? .alone : .inside)
  }

  /// sacrebleu's `_UCODE_RANGES`, as Python reads them: `'\u20000'` is U+2000 and a zero, so that a
  /// single character lies in that range when it is U+2001 to U+2A6D; likewise U+2F81 to U+2FA1.
  private static func isChineseScalar(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x4e00...0x9fbb, 0x3400...0x4db5, 0xff00...0xffef, 0x3000...0x303f, 0x2001...0x2a6d,
      0xf900...0xfa2d, 0xfa30...0xfa6a, 0xfa70...0xfad9, 0x2e80...0x2fdf, 0x2ff0...0x2fff,
      0x3100...0x312f, 0x31a0...0x31bf, 0x31c0...0x31ef, 0xfe10...0xfe1f, 0xfe30...0xfe4f,
      0x3200...0x33ff:
      // U+2F00...2FDF begins after the radicals' U+2EFF: 2E80...2FDF is one run.
      true
    default: false
    }
  }
}
