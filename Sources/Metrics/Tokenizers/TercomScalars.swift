/// The character classes of Tercom's normaliser.
enum TercomScalars {
  /// `[{-~[-` -&(-+:-@/]`
  static func isSeparated(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x20...0x26, 0x28...0x2b, 0x2f, 0x3a...0x40, 0x5b...0x60, 0x7b...0x7e: true
    default: false
    }
  }

  /// `.,?:;!"()`
  static func isWesternPunctuation(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x21, 0x22, 0x28, 0x29, 0x2c, 0x2e, 0x3a, 0x3b, 0x3f: true
    default: false
    }
  }

  /// What Asian support takes apart. `[\u3200-\u3f22]` is sacrebleu's, for U+3200...32FF.
  static func isIsolated(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x4e00...0x9fff, 0x3400...0x4dbf, 0x31c0...0x31ef, 0x2e80...0x2eff, 0x3200...0x3f22,
      0xf900...0xfaff, 0xfe30...0xfe4f:
      true
    default: isAsianPunctuation(scalar)
    }
  }

  static func isAsianPunctuation(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x3001, 0x3002, 0x3008...0x3011, 0x3014...0x301f, 0xff61...0xff65, 0x30fb,
      0xff0e, 0xff0c, 0xff1f, 0xff1a, 0xff1b, 0xff01, 0xff02, 0xff08, 0xff09:
      true
    default: false
    }
  }
}
