internal import DSXCore

/// One value of a raw record; strings point into the record.
enum MessagePackValue {
  case integer(Int64)
  /// An unsigned integer above Int64.max.
  case unsigned(UInt64)
  case double(Double)
  case string(UnsafeRawBufferPointer)
}

/// Reads the map of one raw record (layout: MessagePackWriter). Takes any valid encoding of a number or
/// string, not only the smallest; refuses every other type.
struct MessagePackReader {
  private var reader: ByteReader

  init(_ bytes: UnsafeRawBufferPointer, base: Int) { reader = ByteReader(bytes, base: base) }

  /// The file offset of the next read.
  var offset: Int { reader.offset }

  /// The number of members of the map that the record must be.
  mutating func map() throws(DSXError) -> Int {
    let at = reader.offset
    let first = try reader.little(UInt8.self, "a raw record")
    switch first {
    case 0x80...0x8f: return Int(first & 15)
    case 0xde: return Int(try reader.big(UInt16.self, "a map size"))
    case 0xdf: return Int(try reader.big(UInt32.self, "a map size"))
    default:
      throw DSXError(
        .corrupt, "the raw record is not a MessagePack map (it starts with byte \(first))", byte: at
      )
    }
  }

  /// A member name.
  mutating func key() throws(DSXError) -> UnsafeRawBufferPointer {
    let at = reader.offset
    guard case .string(let bytes) = try value() else {
      throw DSXError(.corrupt, "a member name in the raw record is not a string", byte: at)
    }
    return bytes
  }

  /// The next value.
  mutating func value() throws(DSXError) -> MessagePackValue {
    let at = reader.offset
    let first = try reader.little(UInt8.self, "a value of the raw record")
    switch first {
    case 0x00...0x7f: return .integer(Int64(first))
    case 0xe0...0xff: return .integer(Int64(Int8(bitPattern: first)))
    case 0xa0...0xbf: return .string(try reader.take(Int(first & 31), "a string"))
    case 0xd9:
      return .string(try reader.take(Int(try reader.big(UInt8.self, "a length")), "a string"))
    case 0xda:
      return .string(try reader.take(Int(try reader.big(UInt16.self, "a length")), "a string"))
    case 0xdb:
      return .string(try reader.take(Int(try reader.big(UInt32.self, "a length")), "a string"))
    case 0xcc: return .integer(Int64(try reader.big(UInt8.self)))
    case 0xcd: return .integer(Int64(try reader.big(UInt16.self)))
    case 0xce: return .integer(Int64(try reader.big(UInt32.self)))
    case 0xcf:
      let value = try reader.big(UInt64.self)
      return Int64(exactly: value).map { .integer($0) } ?? .unsigned(value)
    case 0xd0: return .integer(Int64(try reader.big(Int8.self)))
    case 0xd1: return .integer(Int64(try reader.big(Int16.self)))
    case 0xd2: return .integer(Int64(try reader.big(Int32.self)))
    case 0xd3: return .integer(try reader.big(Int64.self))
    case 0xca: return .double(Double(Float(bitPattern: try reader.big(UInt32.self))))
    case 0xcb: return .double(Double(bitPattern: try reader.big(UInt64.self)))
    default:
      throw DSXError(
        .corrupt, "the raw record holds byte \(first), which starts no number and no string",
        byte: at)
    }
  }

  /// Throws when the record goes on after the map.
  func finish() throws(DSXError) {
    guard reader.remaining == 0 else {
      throw DSXError(
        .corrupt, "the raw record has \(reader.remaining) bytes after its map", byte: offset)
    }
  }
}
