/// The character classes of ModelScope's `chinese_utils`.
enum ModelScopeScalars {
  private static let punctuation = Set(
    ("＂＃＄％＆＇（）＊＋，－／：；＜＝＞＠［＼］＾＿｀｛｜｝～｟｠｢｣､\u{3000}、〃〈〉《》「」『』【】〔〕〖〗〘〙〚〛〜〝〞〟"
      + "〰〾〿–—‘’‛“”„‟…‧﹏﹑﹔·！？｡。").unicodeScalars.map(\.value))

  static func isIsolated(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x4e00...0x9fff, 0x3400...0x4dbf, 0x20000...0x2a6df, 0x2a700...0x2ceaf, 0xf900...0xfaff,
      0x2f800...0x2fa1f:
      // U+2A700...2B73F, 2B740...2B81F and 2B820...2CEAF follow each other.
      true
    case 0..<0x80: false
    default: punctuation.contains(scalar)
    }
  }
}
