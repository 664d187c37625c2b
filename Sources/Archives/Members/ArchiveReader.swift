public import DSXCore

/// The members of an archive file, one after the other as they lie in it: zip, tar, or tar inside of gzip,
/// zstd, xz or bzip2, told by content.
///
/// The same rules hold for all. A zip archive has all of them checked at opening; a tar archive as it is
/// read. Nothing is written to disk.
public final class ArchiveReader {
  /// The archive's path.
  public let name: String
  private enum Kind {
    case zip(ZipMemberReader, [ArchiveMember], next: Int)
    case tar(TarReader)
  }
  private var kind: Kind
  private var member: ArchiveMember?

  /// Opens the archive at `path`. Throws as `ZipArchive` and `TarReader` do.
  public init(path: String, limits: ArchiveLimits = ArchiveLimits()) throws(DSXError) {
    name = path
    let file = try FileSource(path: path)
    let start = try file.bytes(at: 0, count: min(file.size, Magic.length))
    switch Magic.of(start) {
    case .tar, .gzip, .zstd, .xz, .bzip2:
      kind = .tar(try TarReader(path: path, limits: limits))
    default:
      let archive = try ZipArchive(file, limits: limits)
      kind = .zip(ZipMemberReader(archive), archive.membersByPlace, next: 0)
    }
  }

  /// The zip archive behind it, whose members can be read in any order; nil for a tar archive.
  public var zip: ZipArchive? {
    if case .zip(let reader, _, _) = kind { reader.archive } else { nil }
  }

  /// Goes to the next member; nil after the last.
  public func next() throws(DSXError) -> ArchiveMember? {
    switch kind {
    case .zip(let reader, let members, let next):
      member = next < members.count ? members[next] : nil
      kind = .zip(reader, members, next: next + 1)
    case .tar(let reader): member = try reader.next()
    }
    return member
  }

  /// The content of the member that `next` returned last, to be asked for once; nothing before the first.
  ///
  /// Throws `corrupt` when it is damaged, `archiveLimit` when it has more than `maximum` bytes.
  public func content(maximum: Int = 1 << 30) throws(DSXError) -> [UInt8] {
    guard let member else { return [] }
    guard member.size <= maximum else {
      throw DSXError(
        .archiveLimit, "the member has \(member.size) bytes, more than \(maximum)",
        file: name + ":" + MemberName.escaped(member.name),
        hint: "leave it out of the archive, or split it")
    }
    switch kind {
    case .zip(let reader, _, _): return try reader.read(member)
    case .tar(let reader):
      var bytes: [UInt8] = []
      while try reader.read(upTo: min(1 << 20, max(1, member.size)), into: &bytes) > 0 {}
      return bytes
    }
  }
}
