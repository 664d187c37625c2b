internal import DSXCore

/// The header in front of a zip member's data, which must say what the directory says.
///
/// ```
///  0  4  "PK\3\4"    10  4  time            26  2  size of the name
///  4  2  version     14  4  CRC-32          28  2  size of extras
///  6  2  flags       18  4  size, packed    30     name, extras, data
///  8  2  method      22  4  size, unpacked
/// ```
enum ZipLocalHeader {
  static let size = 30

  /// Where the data of an entry lies; it must end before byte `end`. Throws `unsafeArchive` when header
  /// and directory disagree, `corrupt` when there is no header.
  static func check(_ entry: ZipEntry, _ file: FileSource, before end: Int) throws(DSXError)
    -> Range<Int>
  {
    let name = entry.rawName
    let shown = MemberName.escaped(String(decoding: name, as: UTF8.self))
    let bytes = try file.bytes(at: entry.place, count: size + name.count)
    guard bytes.starts(with: [0x50, 0x4b, 3, 4]) else {
      throw DSXError(
        .corrupt, "the header of '\(shown)' is missing", file: file.name, byte: entry.place)
    }
    func disagree(_ what: String) -> DSXError {
      DSXError(
        .unsafeArchive, "the archive states two \(what) for '\(shown)'", file: file.name,
        byte: entry.place, hint: "it is not clear which one is meant: make the archive again")
    }
    guard little16(bytes, 26) == name.count, bytes[size...].elementsEqual(name) else {
      throw disagree("names")
    }
    guard little16(bytes, 8) == entry.method else { throw disagree("methods") }
    let flags = little16(bytes, 6)
    guard flags & 0x2041 == 0 else { throw disagree("encryptions") }
    if flags & 8 == 0 {
      guard UInt32(little32(bytes, 14)) == entry.crc else { throw disagree("checksums") }
      // All ones: the sizes stand in an extra field, and the data itself tells if they are wrong.
      let (packed, unpacked) = (little32(bytes, 18), little32(bytes, 22))
      guard packed == 0xffff_ffff || packed == entry.packed,
        unpacked == 0xffff_ffff || unpacked == entry.unpacked
      else { throw disagree("sizes") }
    }
    let start = entry.place + size + name.count + little16(bytes, 28)
    guard start <= end, entry.packed <= end - start else {
      throw DSXError(
        .corrupt, "the data of '\(shown)' lies outside of its place", file: file.name,
        byte: entry.place)
    }
    return start..<start + entry.packed
  }
}
