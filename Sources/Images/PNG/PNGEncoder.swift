/// Small PNG files for pictures in pages, without compression.
///
/// | part | content |
/// |---|---|
/// | signature | 89 50 4E 47 0D 0A 1A 0A |
/// | IHDR | width, height (4 bytes each, big-endian), 8 bits, colour 2 (RGB) or 0 (grey), 0, 0, 0 |
/// | IDAT | a zlib stream (78 01) of stored blocks (final bit, length, its complement), Adler-32; each row begins with filter 0 |
/// | IEND | nothing |
///
/// A chunk is its length, name, content and CRC-32 of name and content. Source: PNG (ISO/IEC 15948), RFC
/// 1950, RFC 1951.
public enum PNGEncoder {
  /// The file of an image of one or three channels.
  public static func encode(_ image: Image) -> [UInt8] {
    var rows: [UInt8] = []
    let width = image.width * image.channels
    rows.reserveCapacity((width + 1) * image.height)
    for row in 0..<image.height {
      rows.append(0)
      rows.append(contentsOf: image.pixels[row * width..<(row + 1) * width])
    }
    var stream: [UInt8] = [0x78, 0x01]
    var at = 0
    while at < rows.count {
      let count = min(65_535, rows.count - at)
      stream.append(at + count == rows.count ? 1 : 0)
      let length = UInt16(count)
      for word in [length, ~length] {
        stream.append(UInt8(word & 255))
        stream.append(UInt8(word >> 8))
      }
      stream.append(contentsOf: rows[at..<at + count])
      at += count
    }
    var (low, high): (UInt32, UInt32) = (1, 0)
    for byte in rows {
      low = (low + UInt32(byte)) % 65_521
      high = (high + low) % 65_521
    }
    append(high << 16 | low, to: &stream)
    var file: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
    var head: [UInt8] = []
    append(UInt32(image.width), to: &head)
    append(UInt32(image.height), to: &head)
    head += [8, image.channels == 1 ? 0 : 2, 0, 0, 0]
    chunk("IHDR", head, to: &file)
    chunk("IDAT", stream, to: &file)
    chunk("IEND", [], to: &file)
    return file
  }

  private static func append(_ word: UInt32, to bytes: inout [UInt8]) {
    for shift in [24, 16, 8, 0] as [UInt32] {
      bytes.append(UInt8(truncatingIfNeeded: word >> shift))
    }
  }

  private static func chunk(_ name: String, _ content: [UInt8], to file: inout [UInt8]) {
    append(UInt32(content.count), to: &file)
    let body = Array(name.utf8) + content
    file += body
    var crc: UInt32 = 0xffff_ffff
    for byte in body {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xedb8_8320 : crc >> 1 }
    }
    append(~crc, to: &file)
  }
}
