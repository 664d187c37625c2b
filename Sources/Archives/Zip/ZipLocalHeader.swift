internal import DSXCore
internal import Glibc

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

  /// The file around the header that was read last: small members lie close together, and one read
  /// serves the headers of many.
  final class Window {
    private let file: FileSource
    /// The same memory for all that is read.
    private var bytes: [UInt8] = []
    private var part = 0..<0
    private static let size = 128 << 10

    init(_ file: FileSource) { self.file = file }

    var name: String { file.name }

    /// `count` bytes from byte `place` on, for members whose data is `packed` bytes long.
    func bytes(at place: Int, count: Int, packed: Int) throws(DSXError) -> ArraySlice<UInt8> {
      if place < part.lowerBound || place + count > part.upperBound {
        let wanted = packed < Self.size / 8 ? max(Self.size, count) : count
        try read(at: place, count: min(wanted, max(0, file.size - place)))
      }
      guard place + count <= part.upperBound else {
        // The file ends before: the reader's own words for it.
        return try file.bytes(at: place, count: count)[...]
      }
      return bytes[place - part.lowerBound..<place - part.lowerBound + count]
    }

    private func read(at place: Int, count: Int) throws(DSXError) {
      part = 0..<0
      if bytes.count < count { bytes = [UInt8](repeating: 0, count: count) }
      var got: Result<Int, DSXError> = .success(0)
      bytes.withUnsafeMutableBytes { buffer in
        do throws(DSXError) {
          let target = UnsafeMutableRawBufferPointer(rebasing: buffer[..<count])
          got = .success(try file.read(at: place, into: target))
        } catch { got = .failure(error) }
      }
      part = place..<place + (try got.get())
    }
  }

  /// Where the data of an entry lies; it must end before byte `end`. Throws `unsafeArchive` when header
  /// and directory disagree, `corrupt` when there is no header.
  static func check(
    _ entry: ZipEntry, _ directory: [UInt8], _ file: Window, before end: Int
  ) throws(DSXError) -> Range<Int> {
    let name = entry.rawName
    var shown: String { MemberName.escaped(String(decoding: directory[name], as: UTF8.self)) }
    let slice = try file.bytes(at: entry.place, count: size + name.count, packed: entry.packed)
    let at = slice.startIndex
    func two(_ offset: Int) -> Int { Int(slice[at + offset]) | Int(slice[at + offset + 1]) << 8 }
    func four(_ offset: Int) -> Int { two(offset) | two(offset + 2) << 16 }
    guard four(0) == 0x0403_4b50 else {
      throw DSXError(
        .corrupt, "the header of '\(shown)' is missing", file: file.name, byte: entry.place)
    }
    func disagree(_ what: String) -> DSXError {
      DSXError(
        .unsafeArchive, "the archive states two \(what) for '\(shown)'", file: file.name,
        byte: entry.place, hint: "it is not clear which one is meant: make the archive again")
    }
    let isSame = slice.withUnsafeBytes { header in
      directory.withUnsafeBytes { bytes in
        guard let header = header.baseAddress, let bytes = bytes.baseAddress else { return true }
        return memcmp(header + size, bytes + name.lowerBound, name.count) == 0
      }
    }
    guard two(26) == name.count, isSame else {
      throw disagree("names")
    }
    guard two(8) == entry.method else { throw disagree("methods") }
    let flags = two(6)
    guard flags & 0x2041 == 0 else { throw disagree("encryptions") }
    if flags & 8 == 0 {
      guard UInt32(four(14)) == entry.crc else { throw disagree("checksums") }
      // All ones: the sizes stand in an extra field, and the data itself tells if they are wrong.
      let (packed, unpacked) = (four(18), four(22))
      guard packed == 0xffff_ffff || packed == entry.packed,
        unpacked == 0xffff_ffff || unpacked == entry.unpacked
      else { throw disagree("sizes") }
    }
    let start = entry.place + size + name.count + two(28)
    guard start <= end, entry.packed <= end - start else {
      throw DSXError(
        .corrupt, "the data of '\(shown)' lies outside of its place", file: file.name,
        byte: entry.place)
    }
    return start..<start + entry.packed
  }
}
