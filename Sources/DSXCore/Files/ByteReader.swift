/// A bounded cursor over bytes: every read is checked against the end before it touches memory.
///
/// Offsets in errors are absolute: `base` plus the position in `bytes`.
///
/// Reads are inlined into other rooms: a generic call a number costs more than the number.
@frozen public struct ByteReader {
  /// The bytes that may be read.
  public let bytes: UnsafeRawBufferPointer
  /// What to add to a position to get the file's byte offset.
  public let base: Int
  /// The next position, relative to `bytes`.
  @inlinable public var position: Int { next }
  @usableFromInline var next: Int

  /// A reader over `bytes`, which start at byte `base` of the file.
  @inlinable
  public init(_ bytes: UnsafeRawBufferPointer, base: Int = 0) {
    self.bytes = bytes
    self.base = base
    next = 0
  }

  /// Bytes left.
  @inlinable public var remaining: Int { bytes.count - next }
  /// The absolute byte offset of the next read.
  @inlinable public var offset: Int { base + next }

  @inlinable @inline(__always)
  func require(_ count: Int, _ what: String) throws(DSXError) {
    guard count >= 0, count <= remaining else { throw short(count, what) }
  }

  @usableFromInline @inline(never)
  func short(_ count: Int, _ what: String) -> DSXError {
    DSXError(
      .corrupt, "\(what) needs \(count) bytes, but only \(remaining) are left", byte: offset)
  }

  /// The next `count` bytes.
  @inlinable
  public mutating func take(_ count: Int, _ what: String = "a field") throws(DSXError)
    -> UnsafeRawBufferPointer
  {
    try require(count, what)
    defer { next += count }
    return UnsafeRawBufferPointer(rebasing: bytes[next..<next + count])
  }

  /// A little-endian integer.
  @inlinable
  public mutating func little<T: FixedWidthInteger>(_: T.Type, _ what: String = "an integer")
    throws(DSXError) -> T
  {
    try require(MemoryLayout<T>.size, what)
    defer { next += MemoryLayout<T>.size }
    return T(littleEndian: bytes.loadUnaligned(fromByteOffset: next, as: T.self))
  }

  /// A big-endian integer.
  @inlinable
  public mutating func big<T: FixedWidthInteger>(_: T.Type, _ what: String = "an integer")
    throws(DSXError) -> T
  {
    try require(MemoryLayout<T>.size, what)
    defer { next += MemoryLayout<T>.size }
    return T(bigEndian: bytes.loadUnaligned(fromByteOffset: next, as: T.self))
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
