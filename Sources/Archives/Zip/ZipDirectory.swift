internal import DSXCore

/// The entries of a zip archive's directory, with the bytes that they were read from.
struct ZipDirectory {
  /// The directory as it stands in the file.
  let bytes: [UInt8]
  var entries: [ZipEntry] = []
  /// For each entry the normalised name of a file, nil for a folder.
  var names: [String?] = []

  /// Reads and checks all entries, in the directory's order.
  init(_ file: FileSource, _ end: ZipEndRecord, _ limits: ArchiveLimits) throws(DSXError) {
    guard end.entries <= limits.members else {
      throw DSXError(
        .archiveLimit, "the archive has more than \(limits.members) members", file: file.name)
    }
    guard end.directory.count / ZipEntry.headerSize >= end.entries else {
      throw DSXError(
        .corrupt, "the zip archive states \(end.entries) entries, more than its directory holds",
        file: file.name)
    }
    bytes = try file.bytes(at: end.directory.lowerBound, count: end.directory.count)
    entries.reserveCapacity(end.entries)
    names.reserveCapacity(end.entries)
    var known = MemberSet(limits, archive: file.name, expected: end.entries)
    var position = 0
    for _ in 0..<end.entries {
      let entry = try ZipEntry(bytes, &position, prefix: end.prefix, archive: file.name)
      let name = try entry.name(bytes, archive: file.name)
      names.append(try known.add(name, isFolder: try Self.isFolder(entry, name, file.name)))
      entries.append(entry)
    }
    guard position == bytes.count else {
      throw DSXError(
        .corrupt, "the directory of the zip archive holds more than its \(end.entries) entries",
        file: file.name)
    }
  }

  /// Sorts the entries by their places in the file: most archives are in order.
  mutating func sortByPlace() {
    guard zip(entries, entries.dropFirst()).contains(where: { $0.place >= $1.place }) else {
      return
    }
    let order = entries.indices.sorted { entries[$0].place < entries[$1].place }
    entries = order.map { [entries] in entries[$0] }
    names = order.map { [names] in names[$0] }
  }

  /// Refuses entries, sorted by place, that lie outside of the file, share data or unpack to too much.
  func checkSizes(before end: Int, _ file: FileSource, _ limits: ArchiveLimits) throws(DSXError) {
    var total = 0
    for index in entries.indices {
      let entry = entries[index]
      let header = ZipLocalHeader.size + entry.rawName.count
      guard entry.packed <= end, entry.place <= end - entry.packed,
        header <= end - entry.packed - entry.place
      else {
        throw DSXError(
          .corrupt, "an entry of the zip archive lies outside of it", file: file.name,
          hint: "get the file again")
      }
      guard
        index + 1 == entries.count
          || entry.place + header + entry.packed <= entries[index + 1].place
      else {
        throw DSXError(
          .archiveLimit, "entries of the zip archive share their data, as an archive bomb's do",
          file: file.name, hint: "make the archive again")
      }
      let (sum, overflows) = total.addingReportingOverflow(entry.unpacked)
      total = overflows ? Int.max : sum
      try limits.check(produced: total, consumed: file.size, name: file.name)
      try limits.check(produced: entry.unpacked, consumed: entry.packed, name: file.name)
    }
  }

  /// Whether an entry is a folder. Throws for entries of a kind that is refused.
  private static func isFolder(_ entry: ZipEntry, _ name: String, _ archive: String)
    throws(DSXError) -> Bool
  {
    // Only errors need it.
    var shown: String { MemberName.escaped(name) }
    guard !entry.isEncrypted else {
      throw DSXError(
        .unsupported, "'\(shown)' is encrypted", file: archive,
        hint: "unpack it with its password, and pack it again without one")
    }
    guard [0, 0o040000, 0o100000].contains(entry.mode & 0o170000) else {
      throw DSXError(
        .unsafeArchive, "'\(shown)' is a link or a device", file: archive,
        hint: "make the archive again with regular files only")
    }
    guard entry.method == 0 || entry.method == 8 else {
      throw DSXError(
        .unsupported, "'\(shown)' is packed with method \(entry.method)", file: archive,
        hint: "stored and deflated members are read: make the archive again with zip")
    }
    guard entry.method == 8 || entry.packed == entry.unpacked else {
      throw DSXError(
        .corrupt, "'\(shown)' is stored and has two sizes, \(entry.packed) and \(entry.unpacked)",
        file: archive)
    }
    let ends = name.utf8.last == UInt8(ascii: "/") || name.utf8.last == UInt8(ascii: "\\")
    guard ends || entry.mode & 0o170000 == 0o040000 else { return false }
    guard entry.unpacked == 0 else {
      throw DSXError(
        .unsafeArchive, "the folder '\(shown)' has content", file: archive)
    }
    return true
  }
}
