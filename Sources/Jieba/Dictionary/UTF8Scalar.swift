/// Reads scalars from UTF-8 that is known to be valid.
enum UTF8Scalar {
  /// The scalar at `index`, which moves behind it.
  @inline(__always)
  static func read(_ bytes: UnsafeRawBufferPointer, _ index: inout Int) -> Int {
    let first = Int(bytes[index])
    func tail(_ offset: Int) -> Int { Int(bytes[index + offset] & 0x3f) }
    if first < 0x80 {
      index += 1
      return first
    }
    if first < 0xe0 {
      let value = (first & 0x1f) << 6 | tail(1)
      index += 2
      return value
    }
    if first < 0xf0 {
      let value = (first & 0x0f) << 12 | tail(1) << 6 | tail(2)
      index += 3
      return value
    }
    let value = (first & 0x07) << 18 | tail(1) << 12 | tail(2) << 6 | tail(3)
    index += 4
    return value
  }
}
