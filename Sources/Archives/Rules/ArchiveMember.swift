/// One regular file inside of an archive.
public struct ArchiveMember: Hashable, Sendable {
  /// Its name, normalised: parts between `/`, relative.
  public let name: String
  /// Its size as the archive declares it; a member that unpacks to another size is refused.
  public let size: Int
  /// Where its entry lies: the byte of its local header in a zip archive, its number in a tar archive.
  public let place: Int
}
