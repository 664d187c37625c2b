/// How the characters of a table file are written as bytes.
public enum TextEncoding: String, CaseIterable, Sendable {
  /// UTF-8, or UTF-16 where the file begins with its byte order mark.
  case automatic = "auto"
  /// UTF-8; a byte order mark at the start is taken off.
  case utf8 = "utf-8"
  /// UTF-16 with a byte order mark; little-endian without one.
  case utf16 = "utf-16"
  /// UTF-16, little-endian.
  case utf16LittleEndian = "utf-16le"
  /// UTF-16, big-endian.
  case utf16BigEndian = "utf-16be"
  /// GB 18030, which holds GBK and GB 2312.
  case gb18030

  /// The encoding of that name, in any case, also as `utf8`, `utf-8-sig`, `gbk` and `gb2312`.
  public init?(name: String) {
    let lower = name.lowercased()
    if let known = Self(rawValue: lower) {
      self = known
      return
    }
    switch lower {
    case "utf8", "utf-8-sig", "utf8-bom", "ascii": self = .utf8
    case "utf16": self = .utf16
    case "utf16le": self = .utf16LittleEndian
    case "utf16be": self = .utf16BigEndian
    case "gbk", "gb2312", "cp936": self = .gb18030
    default: return nil
    }
  }
}
