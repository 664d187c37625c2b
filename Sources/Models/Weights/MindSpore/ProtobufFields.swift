internal import DSXCore

/// The fields of one Protocol Buffers message, read one after the other.
///
/// Reads sizes of 64 bits, so that a message may be as large as its file; only varints and
/// length-delimited fields, which is all that checkpoints and strategy files use.
struct ProtobufFields {
  enum Value {
    case number(UInt64)
    case bytes(UnsafeRawBufferPointer, offset: Int)
  }

  private var reader: ByteReader
  private let what: String

  /// The fields of a message that starts at byte `base` of the file; `what` names it in errors.
  init(_ bytes: UnsafeRawBufferPointer, base: Int, _ what: String) {
    reader = ByteReader(bytes, base: base)
    self.what = what
  }

  /// The next field's number and value; nil at the end.
  mutating func next() throws(DSXError) -> (number: Int, value: Value, offset: Int)? {
    guard reader.remaining > 0 else { return nil }
    let offset = reader.offset
    let key = try reader.varint("a field's key in " + what)
    let number = key >> 3
    guard number > 0, number < 1 << 29 else {
      throw DSXError(.corrupt, "\(what) has a field numbered \(number)", byte: offset)
    }
    switch key & 7 {
    case 0: return (Int(number), .number(try reader.varint("a number in " + what)), offset)
    case 2:
      let length = try reader.varint("a length in " + what)
      guard length <= UInt64(reader.remaining) else {
        throw DSXError(
          .corrupt,
          "a field of \(what) has \(length) bytes, but only \(reader.remaining) are left",
          byte: offset, hint: "the file was cut, or is no checkpoint; fetch it again")
      }
      let start = reader.offset
      return (Int(number), .bytes(try reader.take(Int(length)), offset: start), offset)
    default:
      throw DSXError(
        .corrupt, "\(what) has a field of wire type \(key & 7), which it cannot have",
        byte: offset, hint: "the file is damaged, or is no MindSpore checkpoint")
    }
  }

  /// A text field's value.
  static func text(_ value: Value, _ what: String, byte: Int) throws(DSXError) -> String {
    guard case .bytes(let bytes, _) = value else {
      throw DSXError(.corrupt, "\(what) is a number and not a text", byte: byte)
    }
    guard UTF8Validation.firstInvalid(bytes) == nil else {
      throw DSXError(.corrupt, "\(what) is not valid UTF-8", byte: byte)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
