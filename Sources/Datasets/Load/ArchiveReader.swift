internal import Archives
public import DSXCore

/// The members of zip archives by name; archives stay open between reads.
///
/// Single-owner: one for each cursor.
final class ArchiveReader {
  /// A member that is read whole is at most as large.
  static let memberLimit = 1 << 30

  private var path = ""
  private var archive: ZipArchive?
  private var members: [String: ArchiveMember] = [:]

  /// Opens a member as a stream.
  func open(_ name: String, in path: String) throws(DSXError) -> any ByteSource {
    let archive = try self.archive(path)
    guard let member = members[name] else {
      throw DSXError(
        .missingFile, "the archive has no member '\(name)'", file: path,
        hint: NearestName.find(name, in: members.keys.sorted()).map { "did you mean '\($0)'?" })
    }
    return try archive.open(member)
  }

  /// All bytes of a file: on disk, or of a member.
  func bytes(of file: DataFile) throws(DSXError) -> [UInt8] {
    switch file {
    case .path(let path):
      return try MappedFile(path: path, required: true).withBytes { Array($0) }
    case .member(let path, let name):
      let source = try open(name, in: path)
      let size = members[name]?.size ?? 0
      guard size <= Self.memberLimit else {
        throw DSXError(
          .unsupported, "a member of \(size) bytes is not read whole", file: file.location)
      }
      var bytes: [UInt8] = []
      bytes.reserveCapacity(size)
      while try source.read(upTo: max(1, min(1 << 20, size - bytes.count)), into: &bytes) > 0 {
        guard bytes.count <= Self.memberLimit else {
          throw DSXError(.corrupt, "a member is larger than it says", file: file.location)
        }
      }
      return bytes
    }
  }

  /// Whether the archive holds a member of that name.
  func has(_ name: String, in path: String) throws(DSXError) -> Bool {
    _ = try archive(path)
    return members[name] != nil
  }

  private func archive(_ path: String) throws(DSXError) -> ZipArchive {
    if let archive, self.path == path { return archive }
    let opened = try ZipArchive(FileSource(path: path))
    members = [:]
    for member in opened.members { members[member.name] = member }
    archive = opened
    self.path = path
    return opened
  }
}

extension MsDataset {
  /// The bytes of a file that a cell of a column `NAME:FILE` names, or that a custom data set lists.
  ///
  /// Opens the archive each time: for many files of one archive read them in one go, as cursors do.
  public static func bytes(of file: DataFile) throws(DSXError) -> [UInt8] {
    try ArchiveReader().bytes(of: file)
  }
}
