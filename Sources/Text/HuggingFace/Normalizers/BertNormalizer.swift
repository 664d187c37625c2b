/// BERT's clean-up: control characters out, white space to blanks, blanks around Chinese characters,
/// accents off, lower case.
struct BertNormalizer: Sendable, Hashable {
  var cleansText: Bool
  var spacesChinese: Bool
  var stripsAccents: Bool
  var lowercases: Bool

  /// The reference's ranges (one of them with its typing error, U+2B920 for U+2B820).
  @inline(__always)
  static func isChinese(_ code: UInt32) -> Bool {
    switch code {
    case 0x4e00...0x9fff, 0x3400...0x4dbf, 0xf900...0xfaff, 0x20000...0x2a6df, 0x2a700...0x2b73f,
      0x2b740...0x2b81f, 0x2b920...0x2ceaf, 0x2f800...0x2fa1f:
      true
    default: false
    }
  }

  func apply(_ text: inout AlignedText) {
    if cleansText {
      TextNormalizer.filter(&text) { !UnicodeTables.has($0, .control) }
      TextNormalizer.map(&text) { UnicodeTables.has($0, .space) ? 0x20 : $0 }
    }
    if spacesChinese {
      TextNormalizer.rewrite(&text) { rewriter in
        TextNormalizer.forEach(rewriter.bytes) { code, range in
          guard Self.isChinese(code) else {
            rewriter.copy(to: range.upperBound)
            return
          }
          rewriter.replace(with: 0x20)
          rewriter.insert(code)
          rewriter.insert(0x20)
        }
      }
    }
    if stripsAccents {
      TextNormalizer.unicode(UnicodeNormalizer(.nfd)).apply(&text)
      TextNormalizer.filter(&text) { !UnicodeTables.has($0, .nonspacing) }
    }
    if lowercases { TextNormalizer.lowercase(&text) }
  }
}
