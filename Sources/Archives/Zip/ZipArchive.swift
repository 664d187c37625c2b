public import DSXCore

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
    var place: Int
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
    var directory = try ZipDirectory(file, end, limits)
    // By place: what shares data with another entry must not be measured entry by entry.
    directory.sortByPlace()
    try directory.checkSizes(before: end.directory.lowerBound, file, limits)
    var members: [ArchiveMember] = []
    var entries: [Entry] = []
    members.reserveCapacity(directory.entries.count)
    entries.reserveCapacity(directory.entries.count)
    let headers = ZipLocalHeader.Window(file)
    for (index, entry) in directory.entries.enumerated() {
      let next =
        index + 1 < directory.entries.count
        ? directory.entries[index + 1].place : end.directory.lowerBound
      let data = try ZipLocalHeader.check(entry, directory.bytes, headers, before: next)
      guard let normal = directory.names[index] else { continue }
      members.append(ArchiveMember(name: normal, size: entry.unpacked, place: entry.place))
      entries.append(
        Entry(
          place: entry.place, method: entry.method, crc: entry.crc, data: data,
          unpacked: entry.unpacked))
    }
    membersByPlace = members
    self.members = NameOrder.sorted(members)
    self.entries = entries
  }

  /// The member of that name (normalised: parts between `/`); nil when there is none. O(log members).
  public func member(named name: String) -> ArchiveMember? {
    var (low, high) = (0, members.count)
    while low < high {
      let middle = (low + high) / 2
      if NameOrder.precedes(members[middle].name, name) { low = middle + 1 } else { high = middle }
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
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].place < member.place { low = middle + 1 } else { high = middle }
    }
    guard low < entries.count, entries[low].place == member.place,
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
}
