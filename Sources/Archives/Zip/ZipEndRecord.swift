internal import DSXCore

/// The end of a zip archive: where its directory lies and how many entries it has.
///
/// ```
/// end record                      zip64 end record                 zip64 locator
///  0  4  "PK\5\6"                  0  4  "PK\6\6"                   0  4  "PK\6\7"
///  4  2  number of this disk       4  8  size of the rest           4  4  disk of the zip64 record
///  6  2  disk of the directory    12  4  versions                   8  8  its place
///  8  2  entries on this disk     16  4  number of this disk       16  4  number of disks
/// 10  2  entries                  20  4  disk of the directory
/// 12  4  size of the directory    24  8  entries on this disk
/// 16  4  place of the directory   32  8  entries
/// 20  2  size of the comment      40  8  size of the directory
/// 22     comment                  48  8  place of the directory
/// ```
/// A field of the end record that is all ones stands in the zip64 record.
struct ZipEndRecord {
  /// Entries of the directory.
  var entries: Int
  /// Where the directory lies in the file.
  var directory: Range<Int>
  /// What to add to the places that entries state: bytes that were put in front of the archive.
  var prefix: Int

  private static let size = 22

  /// Finds the end record. Throws `malformed` where there is none, or more than one that would do.
  static func find(_ file: FileSource) throws(DSXError) -> ZipEndRecord {
    let tailSize = min(file.size, size + 65_535)
    let tailStart = file.size - tailSize
    let tail = try file.bytes(at: tailStart, count: tailSize)
    var found: [ZipEndRecord] = []
    if tail.count >= size {
      for at in stride(from: tail.count - size, through: 0, by: -1)
      where tail[at] == 0x50 && tail[at + 1] == 0x4b && tail[at + 2] == 5 && tail[at + 3] == 6 {
        // Its comment must end where the file does: a comment may hold what looks like an end record.
        guard at + size + little16(tail, at + 20) == tail.count else { continue }
        if let record = try read(tail, at, tailStart, file) { found.append(record) }
      }
      if found.isEmpty, let record = try damagedSignature(tail, tailStart, file) {
        found.append(record)
      }
    }
    guard found.count < 2 else {
      throw DSXError(
        .unsafeArchive, "the zip archive has two end records, and both would do", file: file.name,
        hint: "it is not clear which one is meant: make the archive again")
    }
    guard let record = found.first else {
      var start = try file.bytes(at: 0, count: min(file.size, Magic.length))
      let isZip = start.starts(with: [0x50, 0x4b])
      if isZip { start = [] }
      let what = Magic.of(start).map { "it holds \($0.rawValue) data" }
      throw DSXError(
        isZip ? .corrupt : .malformed,
        isZip ? "the zip archive has no end record" : what ?? "this is no zip archive",
        file: file.name,
        hint: isZip ? "the file was cut: get it again" : nil)
    }
    return record
  }

  /// The record at `at` of `tail`; nil when its numbers do not fit the file.
  private static func read(
    _ tail: [UInt8], _ at: Int, _ tailStart: Int, _ file: FileSource
  ) throws(DSXError) -> ZipEndRecord? {
    var (disk, directoryDisk) = (little16(tail, at + 4), little16(tail, at + 6))
    var (here, entries) = (little16(tail, at + 8), little16(tail, at + 10))
    var (size, place) = (little32(tail, at + 12), little32(tail, at + 16))
    var end = tailStart + at
    let needs64 =
      here == 0xffff || entries == 0xffff || size == 0xffff_ffff || place == 0xffff_ffff
      || disk == 0xffff || directoryDisk == 0xffff
    if let large = try zip64(before: end, file) {
      guard let wide = large.fields else { return nil }
      // What the short record states itself must agree.
      let agrees =
        (entries == 0xffff || entries == wide[3]) && (size == 0xffff_ffff || size == wide[4])
        && (place == 0xffff_ffff || place == wide[5])
      guard agrees else { return nil }
      (disk, directoryDisk) = (wide[0], wide[1])
      (here, entries, size, place) = (wide[2], wide[3], wide[4], wide[5])
      end = large.start
    } else if needs64, size == 0xffff_ffff || place == 0xffff_ffff || disk == 0xffff {
      return nil
    }
    guard disk == 0, directoryDisk == 0, here == entries else {
      throw DSXError(
        .unsupported, "the zip archive is one part of several", file: file.name,
        hint: "join the parts first: zip -s 0 parts.zip --out whole.zip")
    }
    guard size >= 0, size <= end, place >= 0, place <= end - size else { return nil }
    let start = end - size
    if size > 0 {
      guard try file.bytes(at: start, count: min(4, size)) == [0x50, 0x4b, 1, 2] else { return nil }
    }
    return ZipEndRecord(entries: entries, directory: start..<end, prefix: start - place)
  }

  /// The zip64 record whose locator stands right before byte `end`; nil without one. Its fields are
  /// nil when they cannot be: disk, disk of the directory, entries here, entries, size, place.
  private static func zip64(before end: Int, _ file: FileSource) throws(DSXError) -> (
    start: Int, fields: [Int]?
  )? {
    guard end >= 20 + 56 else { return nil }
    let locator = try file.bytes(at: end - 20, count: 20)
    guard locator.starts(with: [0x50, 0x4b, 6, 7]) else { return nil }
    // The record stands where the locator says, or right before it when bytes were put in front.
    for start in [little64(locator, 8), end - 20 - 56] {
      guard let start, start >= 0, start <= end - 20 - 56 else { continue }
      let record = try file.bytes(at: start, count: 56)
      guard record.starts(with: [0x50, 0x4b, 6, 6]), let rest = little64(record, 4),
        rest >= 44, rest == end - 20 - start - 12
      else { continue }
      guard little32(locator, 4) == 0, little32(locator, 16) <= 1, let here = little64(record, 24),
        let entries = little64(record, 32), let size = little64(record, 40),
        let place = little64(record, 48)
      else { return (start, nil) }
      return (start, [little32(record, 16), little32(record, 20), here, entries, size, place])
    }
    return (end, nil)
  }

  /// An end record without comment, one byte of whose signature is damaged while all its numbers fit:
  /// libarchive's own test files hold such an archive, and nothing in it is in doubt.
  private static func damagedSignature(
    _ tail: [UInt8], _ tailStart: Int, _ file: FileSource
  ) throws(DSXError) -> ZipEndRecord? {
    let at = tail.count - size
    let right = zip(tail[at..<at + 4], [0x50, 0x4b, 5, 6] as [UInt8]).filter { $0 == $1 }.count
    guard right == 3, little16(tail, at + 20) == 0, little16(tail, at + 10) > 0,
      let record = try read(tail, at, tailStart, file), record.prefix == 0
    else { return nil }
    return record
  }
}

/// A little-endian number of two bytes.
func little16(_ bytes: [UInt8], _ at: Int) -> Int { Int(bytes[at]) | Int(bytes[at + 1]) << 8 }

/// A little-endian number of four bytes.
func little32(_ bytes: [UInt8], _ at: Int) -> Int {
  little16(bytes, at) | little16(bytes, at + 2) << 16
}

/// A little-endian number of eight bytes; nil above 2^63 - 1, which no size or place is.
func little64(_ bytes: [UInt8], _ at: Int) -> Int? {
  let high = little32(bytes, at + 4)
  return high < 1 << 31 ? little32(bytes, at) | high << 32 : nil
}
