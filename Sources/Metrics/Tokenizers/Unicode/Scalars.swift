/// Code points of valid UTF-8 and back.
enum Scalars {
  /// The code point at `index` and its bytes. What is not UTF-8 is read as single bytes and never
  /// past the end.
  @inline(__always)
  static func read(_ bytes: UnsafeRawBufferPointer, _ index: Int) -> (scalar: UInt32, length: Int) {
    let first = UInt32(bytes[index])
    if first < 0x80 { return (first, 1) }
    return readWide(bytes, index, first)
  }

  private static func readWide(
    _ bytes: UnsafeRawBufferPointer, _ index: Int, _ first: UInt32
  ) -> (scalar: UInt32, length: Int) {
    let length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1
    guard length > 1, index + length <= bytes.count else { return (first, 1) }
    var scalar = first & (0x7f >> UInt32(length))
    for offset in 1..<length { scalar = scalar << 6 | UInt32(bytes[index + offset] & 0x3f) }
    return (scalar, length)
  }

  /// Appends the code points of a text.
  static func append(_ bytes: UnsafeRawBufferPointer, to scalars: inout [UInt32]) {
    var index = 0
    while index < bytes.count {
      let (scalar, length) = read(bytes, index)
      scalars.append(scalar)
      index += length
    }
  }

  /// Appends the UTF-8 bytes of a code point.
  @inline(__always)
  static func append(_ scalar: UInt32, to bytes: inout [UInt8]) {
    func add(_ value: UInt32) { bytes.append(UInt8(truncatingIfNeeded: value)) }
    switch scalar {
    case 0..<0x80: add(scalar)
    case 0..<0x800:
      add(0xc0 | scalar >> 6)
      add(0x80 | scalar & 0x3f)
    case 0..<0x10000:
      add(0xe0 | scalar >> 12)
      add(0x80 | scalar >> 6 & 0x3f)
      add(0x80 | scalar & 0x3f)
    default:
      add(0xf0 | scalar >> 18)
      add(0x80 | scalar >> 12 & 0x3f)
      add(0x80 | scalar >> 6 & 0x3f)
      add(0x80 | scalar & 0x3f)
    }
  }
}
