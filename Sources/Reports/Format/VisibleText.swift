/// Makes what could deceive or break a page visible: control characters and bidirectional overrides.
enum VisibleText {
  /// The text with every such scalar replaced by `⟦U+202E⟧` (control characters below U+0021 by
  /// their pictures, `␀`). Line feeds and tabs stay when `keepingLines`, else they show as `↵`, `⇥`.
  static func make(_ text: String, keepingLines: Bool = false) -> String {
    guard text.unicodeScalars.contains(where: { isHidden($0) }) else { return text }
    var out = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x0a where keepingLines, 0x09 where keepingLines: out.append(scalar)
      case 0x0a: out.append("↵")
      case 0x09: out.append("⇥")
      case 0..<0x20: out.append(Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}")
      case 0x7f: out.append("\u{2421}")
      case _ where isHidden(scalar):
        let hex = String(scalar.value, radix: 16, uppercase: true)
        let padded = String(repeating: "0", count: max(0, 4 - hex.utf8.count)) + hex
        out.append(contentsOf: "⟦U+\(padded)⟧".unicodeScalars)
      default: out.append(scalar)
      }
    }
    return String(out)
  }

  /// Controls, line and paragraph separators, bidirectional marks, embeddings, overrides and isolates,
  /// zero-width blanks, tags, and scalars that XML does not allow. Joiners stay: emoji and scripts
  /// need them.
  static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7f...0x9f: true
    case 0xad, 0x61c, 0x180e, 0x200b, 0x200e, 0x200f, 0x2028...0x202e, 0x2060...0x206f, 0xfeff: true
    case 0xfff9...0xfffb, 0xfdd0...0xfdef, 0xe0000...0xe007f: true
    case let value where value & 0xfffe == 0xfffe: true
    default: false
    }
  }
}
