/// GPT-2's printable spelling of bytes: every byte is written as one code point.
///
/// | bytes | code point |
/// | --- | --- |
/// | 33...126, 161...172, 174...255 | the same number |
/// | the other 68, in order | U+0100, U+0101, ... |
enum ByteAlphabet {
  /// The code point of each byte.
  static let scalars: [UInt32] = {
    var next: UInt32 = 0x100
    return (0..<256).map { byte in
      switch byte {
      case 33...126, 161...172, 174...255: return UInt32(byte)
      default:
        defer { next += 1 }
        return next
      }
    }
  }()

  /// The byte of each code point below 0x144; 0x100 for a code point that stands for none.
  private static let bytes: [UInt16] = {
    var table = [UInt16](repeating: 0x100, count: 0x144)
    for (byte, scalar) in scalars.enumerated() { table[Int(scalar)] = UInt16(byte) }
    return table
  }()

  /// The bytes that a piece stands for, or nil when it holds a character outside the alphabet.
  static func decode(_ piece: String) -> [UInt8]? {
    var result: [UInt8] = []
    result.reserveCapacity(piece.utf8.count)
    for scalar in piece.unicodeScalars {
      guard scalar.value < 0x144, bytes[Int(scalar.value)] < 0x100 else { return nil }
      result.append(UInt8(bytes[Int(scalar.value)]))
    }
    return result
  }

  /// The spelling of bytes as UTF-8.
  static func spell(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    for byte in bytes {
      let scalar = scalars[Int(byte)]
      if scalar < 0x80 {
        result.append(UInt8(scalar))
      } else {
        result.append(UInt8(0xc0 | scalar >> 6))
        result.append(UInt8(0x80 | scalar & 0x3f))
      }
    }
    return result
  }

  /// Spells the bytes of a text, each as one code point.
  static func spell(_ text: inout AlignedText) {
    TextNormalizer.rewrite(&text) { rewriter in
      let bytes = rewriter.bytes
      var index = 0
      while index < bytes.count {
        rewriter.replace(with: scalars[Int(bytes[index])])
        index += 1
        while index < bytes.count, bytes[index] & 0xc0 == 0x80 {
          rewriter.insert(scalars[Int(bytes[index])])
          index += 1
        }
      }
    }
  }

  /// The byte that a code point stands for; nil outside the alphabet.
  static func byte(_ code: UInt32) -> UInt8? {
    guard code < 0x144, bytes[Int(code)] < 0x100 else { return nil }
    return UInt8(bytes[Int(code)])
  }
}
