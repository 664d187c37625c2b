/// The part of MessagePack that raw records use, in its smallest encodings. Numbers are big-endian.
///
/// | first byte | meaning |
/// |---|---|
/// | 00-7f, e0-ff | integers 0...127, -32...-1 |
/// | cc cd ce cf | unsigned 8, 16, 32, 64 bits (for every other non-negative value) |
/// | d0 d1 d2 d3 | signed 8, 16, 32, 64 bits (for every other negative value) |
/// | ca cb | float of 4 bytes when the double survives the round trip, else 8 bytes |
/// | a0-bf d9 da db | strings of up to 31, 255, 65535, 2^32-1 bytes |
/// | 80-8f de | maps of up to 15, 65535 members |
enum MessagePackWriter {
  static func map(_ count: Int, into out: inout ByteStore) {
    if count <= 15 {
      out.append(0x80 | UInt8(count))
    } else {
      out.append(0xde)
      out.append(raw: UInt16(truncatingIfNeeded: count).bigEndian)
    }
  }

  static func integer(_ value: Int64, into out: inout ByteStore) {
    if value >= 0 {
      switch value {
      case ...0x7f: out.append(UInt8(value))
      case ...0xff:
        out.append(0xcc)
        out.append(UInt8(value))
      case ...0xffff:
        out.append(0xcd)
        out.append(raw: UInt16(value).bigEndian)
      case ...0xffff_ffff:
        out.append(0xce)
        out.append(raw: UInt32(value).bigEndian)
      default:
        out.append(0xcf)
        out.append(raw: value.bigEndian)
      }
    } else {
      switch value {
      case (-32)...: out.append(UInt8(truncatingIfNeeded: value))
      case Int64(Int8.min)...:
        out.append(0xd0)
        out.append(UInt8(truncatingIfNeeded: value))
      case Int64(Int16.min)...:
        out.append(0xd1)
        out.append(raw: Int16(value).bigEndian)
      case Int64(Int32.min)...:
        out.append(0xd2)
        out.append(raw: Int32(value).bigEndian)
      default:
        out.append(0xd3)
        out.append(raw: value.bigEndian)
      }
    }
  }

  static func double(_ value: Double, into out: inout ByteStore) {
    let single = Float(value)
    // NaN is unequal to itself and infinities are excluded, so both take the 8-byte form.
    if value.isFinite, Double(single) == value {
      out.append(0xca)
      out.append(raw: single.bitPattern.bigEndian)
    } else {
      out.append(0xcb)
      out.append(raw: value.bitPattern.bigEndian)
    }
  }

  static func string(_ bytes: UnsafeRawBufferPointer, into out: inout ByteStore) {
    switch bytes.count {
    case ...31: out.append(0xa0 | UInt8(bytes.count))
    case ...0xff:
      out.append(0xd9)
      out.append(UInt8(bytes.count))
    case ...0xffff:
      out.append(0xda)
      out.append(raw: UInt16(bytes.count).bigEndian)
    default:
      out.append(0xdb)
      out.append(raw: UInt32(truncatingIfNeeded: bytes.count).bigEndian)
    }
    out.append(bytes)
  }
}
