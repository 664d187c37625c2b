/// A bounded cursor over bytes: every read is checked against the end before it touches memory.
///
/// Offsets in errors are absolute: `base` plus the position in `bytes`.
public struct ByteReader {
  /// The bytes that may be read.
  public let bytes: UnsafeRawBufferPointer
  /// What to add to a position to get the file's byte offset.
  public let base: Int
  /// The next position, relative to `bytes`.
  public private(set) var position = 0

  /// A reader over `bytes`, which start at byte `base` of the file.
  public init(_ bytes: UnsafeRawBufferPointer, base: Int = 0) {
    self.bytes = bytes
    self.base = base
  }

  /// Bytes left.
  public var remaining: Int { bytes.count - position }
  /// The absolute byte offset of the next read.
  public var offset: Int { base + position }

  private func require(_ count: Int, _ what: String) throws(DSXError) {
    guard count >= 0, count <= remaining else {
      throw DSXError(
        .corrupt, "\(what) needs \(count) bytes, but only \(remaining) are left", byte: offset)
    }
  }

  /// The next `count` bytes.
  public mutating func take(_ count: Int, _ what: String = "a field") throws(DSXError)
    -> UnsafeRawBufferPointer
  {
    try require(count, what)
    defer { position += count }
    return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
  }

  /// A little-endian integer.
  public mutating func little<T: FixedWidthInteger>(_: T.Type, _ what: String = "an integer")
    throws(DSXError) -> T
  {
    try require(MemoryLayout<T>.size, what)
    defer { position += MemoryLayout<T>.size }
    return T(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: T.self))
  }

  /// A big-endian integer.
  public mutating func big<T: FixedWidthInteger>(_: T.Type, _ what: String = "an integer")
    throws(DSXError) -> T
  {
    try require(MemoryLayout<T>.size, what)
    defer { position += MemoryLayout<T>.size }
    return T(bigEndian: bytes.loadUnaligned(fromByteOffset: position, as: T.self))
  }

  /// A base-128 varint of at most 64 bits, as Protocol Buffers write it.
  public mutating func varint(_ what: String = "a varint") throws(DSXError) -> UInt64 {
    var result: UInt64 = 0
    var shift: UInt64 = 0
    while shift < 64 {
      let byte = try little(UInt8.self, what)
      result |= UInt64(byte & 0x7f) << shift
      if byte & 0x80 == 0 { return result }
      shift += 7
    }
    throw DSXError(.corrupt, "\(what) is longer than 10 bytes", byte: offset)
  }
}
