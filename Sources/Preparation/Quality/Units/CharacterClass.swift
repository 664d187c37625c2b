/// What a code point counts as: its script in the low four bits, and these flags.
struct CharacterClass: Hashable, Sendable {
  var bits: UInt8

  /// A letter or a mark.
  static let letter: UInt8 = 0x10
  /// A unit of its own: Han and Kana, which are written without blanks between words.
  static let single: UInt8 = 0x20
  /// Ends a sentence.
  static let terminal: UInt8 = 0x40
  /// Part of a word: letters, marks and numbers that are no units of their own.
  static let word: UInt8 = 0x80

  /// The number of scripts: the low bits are below it.
  static let scripts = 10

  /// From the general category and the ranges of the scripts (Unicode's Scripts.txt, whole blocks).
  init(_ scalar: Unicode.Scalar) {
    let value = scalar.value
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
      .nonspacingMark, .spacingMark, .enclosingMark, .letterNumber:
      let script = Self.script(of: value)
      let isSingle = script == .han || script == .kana
      bits = UInt8(script.index) | Self.letter | (isSingle ? Self.single : Self.word)
    case .decimalNumber, .otherNumber: bits = UInt8(Script.digits.index) | Self.word
    case .spaceSeparator, .lineSeparator, .paragraphSeparator, .control, .format:
      bits = UInt8(Script.blank.index)
    default:
      bits =
        UInt8(Script.punctuation.index) | (Self.terminals.contains(value) ? Self.terminal : 0)
    }
  }

  /// `.` `!` `?` and what stands for them elsewhere.
  private static let terminals: Set<UInt32> = [
    0x21, 0x2e, 0x3f, 0x2026, 0x203c, 0x2047, 0x2048, 0x2049, 0x0589, 0x061f, 0x06d4, 0x0964,
    0x0965,
    0x1362, 0x3002, 0xfe52, 0xfe56, 0xfe57, 0xff01, 0xff0e, 0xff1f, 0xff61,
  ]

  private static func script(of value: UInt32) -> Script {
    switch value {
    case 0x41...0x5a, 0x61...0x7a, 0xaa, 0xba, 0xc0...0x2b8, 0x1d00...0x1d25, 0x1d2c...0x1d5c,
      0x1d62...0x1d65, 0x1d6b...0x1d77, 0x1d79...0x1dbe, 0x1e00...0x1eff, 0x2071, 0x207f,
      0x2090...0x209c, 0x212a...0x212b, 0x2160...0x2188, 0x2c60...0x2c7f, 0xa722...0xa7ff,
      0xab30...0xab64, 0xfb00...0xfb06, 0xff21...0xff3a, 0xff41...0xff5a, 0x10780...0x107ba,
      0x1df00...0x1dfff:
      .latin
    case 0x2e80...0x2fd5, 0x3005...0x3007, 0x3021...0x3029, 0x3038...0x303b, 0x3400...0x4dbf,
      0x4e00...0x9fff, 0xf900...0xfaff, 0x16fe2...0x16ff6, 0x20000...0x3ffff:
      .han
    case 0x3031...0x3035, 0x3041...0x3096, 0x3099...0x309f, 0x30a1...0x30fa, 0x30fc...0x30ff,
      0x31f0...0x31ff, 0xff66...0xff9f, 0x1aff0...0x1b16f:
      .kana
    case 0x1100...0x11ff, 0x302e...0x302f, 0x3131...0x318e, 0xa960...0xa97c, 0xac00...0xd7fb,
      0xffa0...0xffdc:
      .hangul
    case 0x400...0x52f, 0x1c80...0x1c8f, 0x1d2b, 0x1d78, 0x2de0...0x2dff, 0xa640...0xa69f,
      0x1e030...0x1e08f:
      .cyrillic
    case 0x600...0x6ff, 0x750...0x77f, 0x870...0x8ff, 0xfb50...0xfdff, 0xfe70...0xfefc,
      0x10e60...0x10eff, 0x1ee00...0x1eeff:
      .arabic
    default: .other
    }
  }
}
