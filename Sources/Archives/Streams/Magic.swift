/// What a file holds by its first bytes, for a message or a check: names are no proof.
public enum Magic: String, Sendable {
  /// A compressed stream.
  case gzip, zstd, xz, bzip2
  /// A zip archive.
  case zip
  /// A tar archive with a `ustar` header.
  case tar
  /// A Parquet, PDF, 7z or RAR file: none of them is read.
  case parquet = "Parquet", pdf = "PDF", sevenZip = "7z", rar = "RAR"
  /// Text in UTF-16 with a byte-order mark.
  case utf16 = "UTF-16 text"

  /// How many bytes at the start of a file `of` looks at.
  public static let length = 512

  /// What begins with these bytes; nil for text and all else.
  public static func of(_ start: [UInt8]) -> Magic? {
    func begins(_ bytes: [UInt8]) -> Bool { start.starts(with: bytes) }
    if begins([0x1f, 0x8b]) { return .gzip }
    if begins([0x28, 0xb5, 0x2f, 0xfd]) { return .zstd }
    // A skippable frame of zstd.
    if start.count >= 4, start[0] & 0xf0 == 0x50, start[1] == 0x2a, start[2] == 0x4d,
      start[3] == 0x18
    {
      return .zstd
    }
    if begins([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]) { return .xz }
    if begins(Array("BZh".utf8)), start.count >= 10,
      Array(start[4..<10]) == [0x31, 0x41, 0x59, 0x26, 0x53, 0x59]
        || Array(start[4..<10]) == [0x17, 0x72, 0x45, 0x38, 0x50, 0x90]
    {
      return .bzip2
    }
    if begins([0x50, 0x4b, 3, 4]) || begins([0x50, 0x4b, 5, 6]) { return .zip }
    if begins(Array("PAR1".utf8)) { return .parquet }
    if begins(Array("%PDF-".utf8)) { return .pdf }
    if begins([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]) { return .sevenZip }
    if begins([0x52, 0x61, 0x72, 0x21, 0x1a, 0x07]) { return .rar }
    if begins([0xff, 0xfe]) || begins([0xfe, 0xff]) { return .utf16 }
    if start.count >= 262, Array(start[257..<262]) == Array("ustar".utf8) { return .tar }
    return nil
  }
}
