internal import DSXCore

/// One entry of a zip archive's directory.
///
/// ```
///  0  4  "PK\1\2"            20  4  size, packed      36  2  attributes (text)
///  4  2  made by             24  4  size, unpacked    38  4  attributes of the maker's system
///  6  2  version             28  2  size of the name  42  4  place of the local header
///  8  2  flags               30  2  size of extras    46     name, extras, comment
/// 10  2  method              32  2  size of comment
/// 12  4  time                34  2  disk
/// 16  4  CRC-32
/// ```
/// Sizes and place that are all ones stand in the extra field 1, eight bytes each, in the order
/// unpacked, packed, place.
struct ZipEntry {
  static let headerSize = 46

  var flags: Int
  var method: Int
  var crc: UInt32
  var packed: Int
  var unpacked: Int
  /// Where its local header lies in the file.
  var place: Int
  /// The bytes of its name in the directory.
  var rawName: Range<Int>
  /// Made on Unix: the mode of the file, else 0.
  var mode: Int

  var isEncrypted: Bool { flags & 0x2041 != 0 }
  var isUTF8: Bool { flags & 0x800 != 0 }
  /// Whether sizes and CRC follow the data instead of standing in the local header.
  var hasDescriptor: Bool { flags & 8 != 0 }

  /// The entry at `position`, which goes on to the next one. Throws `corrupt` for what is none.
  init(_ bytes: [UInt8], _ position: inout Int, prefix: Int, archive: String) throws(DSXError) {
    let start = position
    func fault(_ what: String) -> DSXError {
      DSXError(
        .corrupt, "the directory of the zip archive is damaged: \(what)", file: archive,
        hint: "get the file again")
    }
    guard bytes.count - start >= Self.headerSize, little32(bytes, start) == 0x0201_4b50
    else { throw fault("an entry is missing") }
    let (nameSize, extraSize) = (little16(bytes, start + 28), little16(bytes, start + 30))
    let end = start + Self.headerSize + nameSize + extraSize + little16(bytes, start + 32)
    guard end <= bytes.count else { throw fault("an entry is cut") }
    flags = little16(bytes, start + 8)
    method = little16(bytes, start + 10)
    crc = UInt32(little32(bytes, start + 16))
    packed = little32(bytes, start + 20)
    unpacked = little32(bytes, start + 24)
    place = little32(bytes, start + 42)
    let maker = bytes[start + 5]
    mode = maker == 3 || maker == 19 ? little32(bytes, start + 38) >> 16 : 0
    var disk = little16(bytes, start + 34)
    let nameEnd = start + Self.headerSize + nameSize
    rawName = start + Self.headerSize..<nameEnd
    let extra = nameEnd..<nameEnd + extraSize
    var wide = extra.isEmpty ? [] : try Self.zip64(bytes, extra)[...]
    func widen(_ value: inout Int) throws(DSXError) {
      guard value == 0xffff_ffff else { return }
      guard let number = wide.popFirst() else { throw fault("a large size is missing") }
      value = number
    }
    try widen(&unpacked)
    try widen(&packed)
    try widen(&place)
    if disk == 0xffff { disk = 0 }
    guard disk == 0 else {
      throw DSXError(.unsupported, "the zip archive is one part of several", file: archive)
    }
    let (moved, overflows) = place.addingReportingOverflow(prefix)
    guard !overflows, moved >= 0 else { throw fault("an entry lies outside of the file") }
    place = moved
    position = end
  }

  /// The eight-byte numbers of the extra field 1. Extra fields may end in padding.
  private static func zip64(_ bytes: [UInt8], _ extra: Range<Int>) throws(DSXError) -> [Int] {
    var position = extra.lowerBound
    while position + 4 <= extra.upperBound {
      let (kind, size) = (little16(bytes, position), little16(bytes, position + 2))
      position += 4
      guard size <= extra.upperBound - position else { return [] }
      if kind == 1 {
        var numbers: [Int] = []
        for at in stride(from: position, through: position + size - 8, by: 8) {
          // What is above 2^63 - 1 stays as a size that no file has.
          numbers.append(little64(bytes, at) ?? Int.max)
        }
        return numbers
      }
      position += size
    }
    return []
  }

  /// Its name: UTF-8 where it says so or where it is; else code page 437, as the format's note says.
  func name(_ directory: [UInt8], archive: String) throws(DSXError) -> String {
    let text = directory.withUnsafeBytes { all in
      let bytes = UnsafeRawBufferPointer(rebasing: all[rawName])
      return UTF8Validation.firstInvalid(bytes) == nil
        ? String(decoding: bytes, as: UTF8.self) : nil
    }
    if let text { return text }
    guard !isUTF8 else {
      throw DSXError(
        .unsafeArchive, "the zip archive has a name that is said to be UTF-8 and is not",
        file: archive)
    }
    var scalars = String.UnicodeScalarView()
    for byte in directory[rawName] { scalars.append(CodePage437.scalar(byte)) }
    return String(scalars)
  }
}
