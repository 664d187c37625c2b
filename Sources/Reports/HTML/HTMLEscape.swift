/// Turns any text into harmless markup.
enum HTMLEscape {
  /// The text for element content and quoted attribute values: hidden characters made visible, the
  /// five characters of markup escaped.
  static func text(_ raw: String, keepingLines: Bool = false) -> String {
    let visible = VisibleText.make(raw, keepingLines: keepingLines)
    guard visible.utf8.contains(where: { isMarkup($0) }) else { return visible }
    var out = ""
    out.reserveCapacity(visible.utf8.count + 16)
    for scalar in visible.unicodeScalars {
      switch scalar {
      case "&": out += "&amp;"
      case "<": out += "&lt;"
      case ">": out += "&gt;"
      case "\"": out += "&quot;"
      case "'": out += "&#39;"
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out
  }

  /// ` lang="zh-Hans"` for a text with Chinese characters, so that browsers take Chinese glyphs.
  ///
  /// Texts with kana or hangul get none: the reader's own fonts decide.
  static func language(_ text: String) -> String {
    var hasHan = false
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x3400...0x4dbf, 0x4e00...0x9fff, 0xf900...0xfaff, 0x20000...0x3fffd: hasHan = true
      case 0x3041...0x30ff, 0x31f0...0x31ff, 0xac00...0xd7a3: return ""
      default: break
      }
    }
    return hasHan ? " lang=\"zh-Hans\"" : ""
  }

  /// A relative path as a link: everything but letters, digits and `-._~/` in per cent form, so that
  /// it can neither name another place nor a scheme.
  static func path(_ raw: String) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var out: [UInt8] = []
    for byte in raw.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "/"):
        out.append(byte)
      default: out += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    // A link leads beside its page; `//host` would be another place.
    while out.count > 1, out[0] == UInt8(ascii: "/") { out.removeFirst() }
    return String(decoding: out, as: UTF8.self)
  }

  private static func isMarkup(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "&") || byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">")
      || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")
  }
}
