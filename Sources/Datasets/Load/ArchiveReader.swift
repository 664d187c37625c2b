internal import Archives
public import DSXCore

/// The members of zip and tar archives by name; archives stay open between reads.
///
/// Single-owner: one for each cursor.
public final class ArchiveReader {
  private enum Opened {
    case zip(ZipArchive, ZipMemberReader)
    case tar(TarArchive)

    var members: [ArchiveMember] {
      switch self {
      case .zip(let archive, _): archive.members
      case .tar(let archive): archive.members
      }
    }

    func member(named name: String) -> ArchiveMember? {
      switch self {
      case .zip(let archive, _): archive.member(named: name)
      case .tar(let archive): archive.member(named: name)
      }
    }
  }
  private var path = ""
  private var opened: Opened?

  /// A reader that has opened nothing yet.
  public init() {}

  /// Opens a member as a stream.
  func open(_ name: String, in path: String) throws(DSXError) -> any ByteSource {
    let archive = try self.archive(path)
    guard let member = archive.member(named: name) else { throw missing(name, archive, path) }
    switch archive {
    case .zip(let zip, _): return try zip.open(member)
    case .tar(let tar): return try tar.open(member)
    }
  }

  private func missing(_ name: String, _ archive: Opened, _ path: String) -> DSXError {
    let near = NearestName.find(name, in: archive.members.map(\.name))
    return DSXError(
      .missingFile, "the archive has no member '\(name)'", file: path,
      hint: near.map { "did you mean '\($0)'?" })
  }

  /// All bytes of a file: on disk, or of a member.
  public func bytes(of file: DataFile) throws(DSXError) -> [UInt8] {
    switch file {
    case .path(let path):
      return try MappedFile(path: path).withBytes { Array($0) }
    case .member(let path, let name):
      let archive = try self.archive(path)
      guard let member = archive.member(named: name) else { throw missing(name, archive, path) }
      switch archive {
      case .zip(_, let reader): return try reader.read(member)
      case .tar(let tar): return try tar.read(member)
      }
    }
  }

  /// Whether the archive holds a member of that name.
  func has(_ name: String, in path: String) throws(DSXError) -> Bool {
    try archive(path).member(named: name) != nil
  }

  /// The regular files of an archive.
  static func members(_ path: String) throws(DSXError) -> [ArchiveMember] {
    try open(path).members
  }

  /// Opens an archive, zip or tar by its name. The commands of data sets have no option that widens the
  /// limits, so that no hint names it.
  private static func open(_ path: String) throws(DSXError) -> Opened {
    do throws(DSXError) {
      guard !FileKind.isTar(path) else { return .tar(try TarArchive(path: path)) }
      let archive = try ZipArchive(FileSource(path: path))
      return .zip(archive, ZipMemberReader(archive))
    } catch {
      throw withoutOption(error)
    }
  }

  private static func withoutOption(_ error: DSXError) -> DSXError {
    var error = error
    if let hint = error.hint, hint.contains("--trust-archive") { error.hint = nil }
    return error
  }

  private func archive(_ path: String) throws(DSXError) -> Opened {
    if let opened, self.path == path { return opened }
    let archive = try Self.open(path)
    (opened, self.path) = (archive, path)
    return archive
  }
}

extension MsDataset {
  /// The bytes of a file that a cell of a column `NAME:FILE` names, or that a custom data set lists.
  ///
  /// Opens the archive each time: an `ArchiveReader` keeps it open for many files.
  public static func bytes(of file: DataFile) throws(DSXError) -> [UInt8] {
    try ArchiveReader().bytes(of: file)
  }
}
