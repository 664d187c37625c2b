public import DSXCore

/// The members of a tar archive by name, for reading in any order, as a zip archive allows.
///
/// A tar archive has no directory: opening passes over all headers once (of a plain archive only the
/// headers are read). A member of a plain archive is then read where it lies. A packed archive (gzip,
/// zstd, xz, bzip2) is read from front to back: members that are passed on the way are kept while they
/// fit into `keptBytes`, and going back to one that is not starts again at the front. All rules of
/// `TarReader` hold; nothing is written to disk. Single-owner.
public final class TarArchive {
  /// The archive's path.
  public let name: String
  /// The regular files, in the order in which they lie in the archive.
  public let members: [ArchiveMember]
  /// Bytes of passed members that are kept, at most.
  public static let keptBytes = 64 << 20
  /// How often a packed archive may be started again before reading gives up.
  public static let restarts = 64

  private let limits: ArchiveLimits
  private let places: [String: Int]
  /// Where each member's bytes begin in the file; nil for members of packed archives and sparse files.
  private let offsets: [Int?]
  private let file: FileSource
  private var reader: TarReader?
  /// The index in `members` of the member that `reader` gives next.
  private var upcoming = 0
  private var started = 0
  private var kept: [Int: [UInt8]] = [:]
  private var keptOrder: [Int] = []
  private var keptSize = 0

  /// Opens the archive at `path` and reads its headers.
  ///
  /// Throws `malformed` for a file that is no tar archive, `corrupt`, `unsafeArchive` and `archiveLimit`
  /// as `TarReader` does.
  public init(path: String, limits: ArchiveLimits = ArchiveLimits()) throws(DSXError) {
    name = path
    self.limits = limits
    file = try FileSource(path: path)
    let start = try file.bytes(at: 0, count: min(file.size, Magic.length))
    let isPlain = !Compression.allCases.contains { $0.magic == Magic.of(start) }
    let reader = try TarReader(path: path, limits: limits)
    var members: [ArchiveMember] = []
    var offsets: [Int?] = []
    var places: [String: Int] = [:]
    while let member = try reader.next() {
      places[member.name] = members.count
      members.append(member)
      guard isPlain, let offset = reader.memberOffset else {
        offsets.append(nil)
        continue
      }
      guard offset >= 0, offset <= file.size, member.size <= file.size - offset else {
        throw DSXError(
          .corrupt, "the tar archive ends too early: '\(MemberName.escaped(member.name))' is cut",
          file: path, byte: offset, hint: "get the file again, and compare its checksum")
      }
      offsets.append(offset)
    }
    (self.members, self.offsets, self.places) = (members, offsets, places)
  }

  /// The member of that name.
  public func member(named name: String) -> ArchiveMember? { places[name].map { members[$0] } }

  /// All bytes of a member of this archive.
  ///
  /// Throws `corrupt` when the archive is damaged, `io` when it changed, `archiveLimit` when a packed
  /// archive would have to be unpacked too often.
  public func read(_ member: ArchiveMember) throws(DSXError) -> [UInt8] {
    guard let index = places[member.name] else { throw missing(member) }
    if let offset = offsets[index] {
      try file.checkUnchanged()
      return try file.bytes(at: offset, count: member.size)
    }
    if let bytes = kept[index] { return bytes }
    if reader == nil || index < upcoming { try restart() }
    while let reader, let found = try reader.next() {
      let current = upcoming
      upcoming += 1
      guard found == members[safely: current] else { throw changed() }
      guard current == index || found.size <= Self.keptBytes else { continue }
      var bytes: [UInt8] = []
      while try reader.read(upTo: min(1 << 20, max(1, found.size)), into: &bytes) > 0 {}
      keep(bytes, current)
      if current == index { return bytes }
    }
    throw changed()
  }

  /// A member as a stream of its own, independent of other reads.
  public func open(_ member: ArchiveMember) throws(DSXError) -> any ByteSource {
    let reader = try TarReader(path: name, limits: limits)
    while let found = try reader.next() {
      if found == member { return reader }
    }
    throw missing(member)
  }

  private func keep(_ bytes: [UInt8], _ index: Int) {
    guard bytes.count <= Self.keptBytes, kept[index] == nil else { return }
    kept[index] = bytes
    keptOrder.append(index)
    keptSize += bytes.count
    var dropped = 0
    while keptSize > Self.keptBytes, dropped < keptOrder.count {
      keptSize -= kept.removeValue(forKey: keptOrder[dropped])?.count ?? 0
      dropped += 1
    }
    keptOrder.removeFirst(dropped)
  }

  private func restart() throws(DSXError) {
    started += 1
    guard started <= Self.restarts else {
      throw DSXError(
        .archiveLimit,
        "the members of this packed archive lie in another order than they are read: it was "
          + "unpacked \(Self.restarts) times", file: name,
        hint: "make it again with sorted names (tar --sort=name), unpacked (.tar), or as a zip")
    }
    reader = try TarReader(path: name, limits: limits)
    upcoming = 0
  }

  private func missing(_ member: ArchiveMember) -> DSXError {
    DSXError(
      .missingFile, "the archive has no member '\(MemberName.escaped(member.name))'", file: name)
  }

  private func changed() -> DSXError {
    DSXError(
      .io, "the archive changed while it was read", file: name,
      hint: "run again when nothing writes to it any more")
  }
}

extension Array {
  fileprivate subscript(safely index: Int) -> Element? {
    indices.contains(index) ? self[index] : nil
  }
}
