public import DSXCore
internal import Glibc

/// A zip archive: its members in the order of their names' bytes, each read on its own.
///
/// Directory, local headers and end record must agree in everything that both state; whatever they
/// disagree in is where two readers see two archives. Members are stored or deflated; links, devices,
/// encryption and further parts are refused; archives inside are not opened. Nothing is written to
/// disk. All rules are checked before the first byte is unpacked, CRC and size at the end of each
/// member. Own code and not libarchive's reader, which (3.6.2) takes an archive without end record,
/// with two names for one entry, or with entries that share their data.
///
/// Nothing changes after it was opened, and the file is read at stated places only: several threads may
/// open and read members at once, each by a stream or a `ZipMemberReader` of its own.
public final class ZipArchive: @unchecked Sendable {
  /// Its path.
  public let name: String
  /// Its regular files, sorted by the bytes of their names.
  public let members: [ArchiveMember]
  /// Its regular files in the order in which they lie in the archive: what reads fastest from a disk.
  public let membersByPlace: [ArchiveMember]
  let file: FileSource
  /// What is needed to read the members, in the order of `membersByPlace`.
  private let entries: [Entry]
  struct Entry {
    var method: Int
    var crc: UInt32
    var data: Range<Int>
    var unpacked: Int
  }

  /// Reads and checks the directory of the archive. Memory grows with the number of members.
  ///
  /// Throws `malformed` for a file that is no zip archive, `corrupt` for a damaged one, `unsafeArchive`,
  /// `archiveLimit`, `unsupported` as described above.
  public init(_ file: FileSource, limits: ArchiveLimits = ArchiveLimits()) throws(DSXError) {
    name = file.name
    self.file = file
    let end = try ZipEndRecord.find(file)
    var found = try Self.directory(file, end, limits)
    // By place: what shares data with another entry must not be measured entry by entry.
    let isInOrder = zip(found, found.dropFirst()).allSatisfy { $0.entry.place < $1.entry.place }
    if !isInOrder { found.sort { $0.entry.place < $1.entry.place } }
    try Self.checkSizes(found, before: end.directory.lowerBound, file, limits)
    var members: [ArchiveMember] = []
    var entries: [Entry] = []
    members.reserveCapacity(found.count)
    entries.reserveCapacity(found.count)
    let headers = ZipLocalHeader.Window(file)
    for (index, item) in found.enumerated() {
      let next =
        index + 1 < found.count ? found[index + 1].entry.place : end.directory.lowerBound
      let data = try ZipLocalHeader.check(item.entry, headers, before: next)
      guard let normal = item.member else { continue }
      members.append(
        ArchiveMember(name: normal, size: item.entry.unpacked, place: item.entry.place))
      entries.append(
        Entry(
          method: item.entry.method, crc: item.entry.crc, data: data,
          unpacked: item.entry.unpacked))
    }
    membersByPlace = members
    // Most archives are in order: then looking costs a fraction of sorting.
    let isSorted = zip(members, members.dropFirst()).allSatisfy { Self.precedes($0.name, $1.name) }
    if !isSorted {
      // Numbers are moved and not members, whose names would be counted at each step.
      let byPlace = members
      var order = Array(byPlace.indices)
      order.sort { Self.precedes(byPlace[$0].name, byPlace[$1].name) }
      members = order.map { byPlace[$0] }
    }
    self.members = members
    self.entries = entries
  }

  /// The member of that name (normalised: parts between `/`); nil when there is none. O(log members).
  public func member(named name: String) -> ArchiveMember? {
    var (low, high) = (0, members.count)
    while low < high {
      let middle = (low + high) / 2
      if Self.precedes(members[middle].name, name) { low = middle + 1 } else { high = middle }
    }
    guard low < members.count, members[low].name.utf8.elementsEqual(name.utf8) else { return nil }
    return members[low]
  }

  /// Opens a member of this archive as a stream: any member, any number of times. `ZipMemberReader` is
  /// quicker for members that fit into memory.
  public func open(_ member: ArchiveMember) throws(DSXError) -> any ByteSource {
    try ZipMemberStream(file, try entry(of: member), name: shownName(of: member))
  }

  /// What is known of a member's data. Throws `internal` for a member of another archive. O(log members).
  func entry(of member: ArchiveMember) throws(DSXError) -> Entry {
    var (low, high) = (0, membersByPlace.count)
    while low < high {
      let middle = (low + high) / 2
      if membersByPlace[middle].place < member.place { low = middle + 1 } else { high = middle }
    }
    guard low < entries.count, membersByPlace[low].place == member.place,
      entries[low].unpacked == member.size
    else {
      throw DSXError(.internal, "'\(member.name)' is no member of the archive", file: name)
    }
    return entries[low]
  }

  /// What messages call a member.
  func shownName(of member: ArchiveMember) -> String {
    name + ":" + MemberName.escaped(member.name)
  }

  /// Whether a name comes before another by its bytes.
  private static func precedes(_ left: String, _ right: String) -> Bool {
    let quick = left.utf8.withContiguousStorageIfAvailable { left in
      right.utf8.withContiguousStorageIfAvailable { right -> Bool in
        guard let a = left.baseAddress, let b = right.baseAddress else {
          return left.count < right.count
        }
        let order = memcmp(a, b, min(left.count, right.count))
        return order == 0 ? left.count < right.count : order < 0
      }
    }
    return (quick ?? nil) ?? left.utf8.lexicographicallyPrecedes(right.utf8)
  }

  /// All entries with the normalised names of those that are files.
  private static func directory(
    _ file: FileSource, _ end: ZipEndRecord, _ limits: ArchiveLimits
  ) throws(DSXError) -> [(entry: ZipEntry, member: String?)] {
    guard end.entries <= limits.members else {
      throw DSXError(
        .archiveLimit, "the archive has more than \(limits.members) members", file: file.name)
    }
    guard end.directory.count / ZipEntry.headerSize >= end.entries else {
      throw DSXError(
        .corrupt, "the zip archive states \(end.entries) entries, more than its directory holds",
        file: file.name)
    }
    let bytes = try file.bytes(at: end.directory.lowerBound, count: end.directory.count)
    var found: [(entry: ZipEntry, member: String?)] = []
    found.reserveCapacity(end.entries)
    var names = MemberSet(limits, archive: file.name)
    var position = 0
    for _ in 0..<end.entries {
      let entry = try ZipEntry(bytes, &position, prefix: end.prefix, archive: file.name)
      let name = try entry.name(archive: file.name)
      found.append((entry, try names.add(name, isFolder: try isFolder(entry, name, file.name))))
    }
    guard position == bytes.count else {
      throw DSXError(
        .corrupt, "the directory of the zip archive holds more than its \(end.entries) entries",
        file: file.name)
    }
    return found
  }

  /// Refuses entries, sorted by place, that lie outside of the file, share data or unpack to too much.
  private static func checkSizes(
    _ entries: [(entry: ZipEntry, member: String?)], before end: Int, _ file: FileSource,
    _ limits: ArchiveLimits
  ) throws(DSXError) {
    var total = 0
    for index in entries.indices {
      let entry = entries[index].entry
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
          || entry.place + header + entry.packed <= entries[index + 1].entry.place
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
