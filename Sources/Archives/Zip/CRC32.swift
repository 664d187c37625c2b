internal import CDeflate

/// CRC-32 as zip and gzip have it (reflected polynomial 0xEDB88320).
public enum CRC32 {
  /// The CRC of `bytes` after bytes whose CRC is `crc` (0 at the start).
  public static func of(_ bytes: UnsafeRawBufferPointer, after crc: UInt32 = 0) -> UInt32 {
    guard let start = bytes.baseAddress else { return crc }
    return libdeflate_crc32(crc, start, bytes.count)
  }
}
