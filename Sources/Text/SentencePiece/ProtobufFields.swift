internal import DSXCore

/// The fields of one Protocol Buffers message, in order.
struct ProtobufFields {
  /// One field's content.
  enum Value {
    case varint(UInt64)
    case fixed32(UInt32)
    case fixed64(UInt64)
    /// A string, a byte string or a message, and where it starts in the file.
    case bytes(UnsafeRawBufferPointer, offset: Int)
  }

  private var reader: ByteReader

  /// The message in `bytes`, which start at byte `base` of the file.
  init(_ bytes: UnsafeRawBufferPointer, base: Int = 0) { reader = ByteReader(bytes, base: base) }

  /// The byte offset of the next field.
  var offset: Int { reader.offset }

  /// The next field's number and content, nil at the end of the message.
  mutating func next() throws(DSXError) -> (number: Int, value: Value)? {
    guard reader.remaining > 0 else { return nil }
    let start = reader.offset
    let tag = try reader.varint("a field's tag")
    guard tag >> 3 >= 1, tag <= UInt64(UInt32.max) else {
      throw DSXError(.corrupt, "a field has number 0 or a number out of range", byte: start)
    }
    let number = Int(tag >> 3)
    switch tag & 7 {
    case 0: return (number, .varint(try reader.varint()))
    case 1: return (number, .fixed64(try reader.little(UInt64.self)))
    case 5: return (number, .fixed32(try reader.little(UInt32.self)))
    case 2:
      let length = try reader.varint("a field's length")
      guard let count = Int(exactly: length), count <= reader.remaining else {
        throw DSXError(
          .corrupt, "a field of \(length) bytes reaches beyond the end", byte: start)
      }
      let offset = reader.offset
      return (number, .bytes(try reader.take(count), offset: offset))
    default: throw DSXError(.corrupt, "a field has the unknown wire type \(tag & 7)", byte: start)
    }
  }
}
