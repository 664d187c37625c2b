internal import Archives
public import DSXCore

/// The members of zip archives by name; archives stay open between reads.
///
/// Single-owner: one for each cursor.
final class ArchiveReader {
  private var path = ""
  private var archive: ZipArchive?
  private var reader: ZipMemberReader?

  /// Opens a member as a stream.
  func open(_ name: String, in path: String) throws(DSXError) -> any ByteSource {
    let archive = try self.archive(path)
    guard let member = archive.member(named: name) else { throw missing(name, archive, path) }
    return try archive.open(member)
  }

  private func missing(_ name: String, _ archive: ZipArchive, _ path: String) -> DSXError {
    let near = NearestName.find(name, in: archive.members.map(\.name))
    return DSXError(
      .missingFile, "the archive has no member '\(name)'", file: path,
      hint: near.map { "did you mean '\($0)'?" })
  }

  /// All bytes of a file: on disk, or of a member.
  func bytes(of file: DataFile) throws(DSXError) -> [UInt8] {
    switch file {
    case .path(let path):
      return try MappedFile(path: path, required: true).withBytes { Array($0) }
    case .member(let path, let name):
      let archive = try self.archive(path)
      guard let member = archive.member(named: name), let reader else {
        throw missing(name, archive, path)
      }
      return try reader.read(member)
    }
  }

  /// Whether the archive holds a member of that name.
  func has(_ name: String, in path: String) throws(DSXError) -> Bool {
    try archive(path).member(named: name) != nil
  }

  /// Opens a zip archive. The commands of data sets have no option that widens the limits, so that no hint
  /// names it.
  static func zip(_ path: String) throws(DSXError) -> ZipArchive {
    do throws(DSXError) { return try ZipArchive(FileSource(path: path)) } catch {
      throw withoutOption(error)
    }
  }

  private static func withoutOption(_ error: DSXError) -> DSXError {
    var error = error
    if let hint = error.hint, hint.contains("--trust-archive") { error.hint = nil }
    return error
  }

  private func archive(_ path: String) throws(DSXError) -> ZipArchive {
    if let archive, self.path == path { return archive }
    let opened = try Self.zip(path)
    archive = opened
    reader = ZipMemberReader(opened)
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
