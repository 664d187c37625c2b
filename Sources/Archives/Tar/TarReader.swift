internal import CArchive
public import DSXCore
internal import Glibc

/// The members of a tar archive, in the order in which they lie there, by libarchive.
///
/// Only regular files (sparse ones too: holes are zeros); folders are passed over; links, devices and
/// FIFOs are refused. The rules of `MemberName` and `MemberSet` hold. Nothing is ever written to disk.
public final class TarReader: ByteSource {
  /// The archive's name, and `archive.tar:member` inside of a member.
  public private(set) var name: String
  private let path: String
  private let source: any ByteSource
  private let handle: LibarchiveHandle
  private let limits: ArchiveLimits
  private var names: MemberSet
  /// The member that `read` reads.
  private var member: ArchiveMember?
  private var number = 0
  private var left = 0
  private var isSparse = false
  private var produced = 0
  private var isFinished = false

  /// A reader over a tar archive that is not compressed, or whose compression `source` undoes. Throws
  /// `malformed` for a source that is no tar archive.
  public init(_ source: any ByteSource, limits: ArchiveLimits = ArchiveLimits()) throws(DSXError) {
    name = source.name
    path = source.name
    self.source = source
    self.limits = limits
    names = MemberSet(limits, archive: source.name)
    handle = try LibarchiveHandle(source) { archive in
      archive_read_support_format_tar(archive) == ARCHIVE_OK
    }
    // Data that nobody wants is passed over without being read, where the source is a file.
    handle.skipped = source as? FileSource
    try handle.open("tar")
  }

  /// Bytes of the file on disk that were used so far.
  public var consumed: Int { source.consumed }

  /// Where the content of the member that `next` returned last begins, in what `source` gives; nil for a
  /// sparse file, whose content does not lie in one piece.
  public var memberOffset: Int? { member == nil || isSparse ? nil : handle.position }

  /// Goes to the next member; nil after the last. What was not read of the one before is passed over.
  ///
  /// Throws `unsafeArchive` and `archiveLimit` for members that are refused, `corrupt` for an archive
  /// that is damaged or cut.
  public func next() throws(DSXError) -> ArchiveMember? {
    if isFinished { return nil }
    while true {
      var entry: OpaquePointer?
      let status = withUTF8Names { archive_read_next_header(handle.archive, &entry) }
      if status == ARCHIVE_EOF {
        (isFinished, member, name) = (true, nil, path)
        return nil
      }
      guard status == ARCHIVE_OK, let entry else {
        throw handle.error(
          number == 0 ? .malformed : .corrupt,
          number == 0 ? "this is no tar archive" : "the tar archive is damaged or was cut",
          hint: "get the file again, and compare its checksum with the source's")
      }
      number += 1
      guard let found = try take(entry) else { continue }
      member = found
      isSparse = archive_entry_sparse_count(entry) > 0
      left = found.size
      name = path + ":" + found.name
      return found
    }
  }

  /// Reads on in the member that `next` returned last; 0 at its end.
  public func read(into buffer: UnsafeMutableRawBufferPointer) throws(DSXError) -> Int {
    guard member != nil, left > 0 else { return 0 }
    let wanted = min(buffer.count, left)
    var got = archive_read_data(handle.archive, buffer.baseAddress, wanted)
    if got == 0, isSparse {
      // libarchive fills holes between data, but not one at the end.
      for index in 0..<wanted { buffer[index] = 0 }
      got = wanted
    }
    guard got > 0 else {
      throw handle.error(
        .corrupt, "the tar archive ends too early, or is damaged", hint: "get the file again")
    }
    left -= got
    produced += got
    try limits.check(produced: produced, consumed: max(1, source.consumed), name: path)
    return got
  }

  private func take(_ entry: OpaquePointer) throws(DSXError) -> ArchiveMember? {
    guard let bytes = withUTF8Names({ archive_entry_pathname(entry) }),
      let text = String(validatingCString: bytes)
    else {
      throw DSXError(
        .unsafeArchive, "member \(number) of the archive has a name that is not UTF-8", file: path,
        hint: "make the archive again with names in UTF-8")
    }
    let type = archive_entry_filetype(entry)
    guard archive_entry_hardlink(entry) == nil, type == S_IFREG || type == S_IFDIR else {
      throw DSXError(
        .unsafeArchive, "the archive holds a link or a device: '\(MemberName.escaped(text))'",
        file: path, hint: "make the archive again with regular files only (tar -h follows links)")
    }
    guard archive_entry_is_encrypted(entry) == 0 else {
      throw DSXError(.unsupported, "the archive is encrypted", file: path)
    }
    guard let normal = try names.add(text, isFolder: type == S_IFDIR) else { return nil }
    let size = Int(archive_entry_size(entry))
    guard size >= 0, size <= limits.totalBytes - produced else {
      throw DSXError(
        .archiveLimit, "it unpacks to more than \(limits.totalBytes) bytes", file: path,
        hint: "split it into smaller archives")
    }
    return ArchiveMember(name: normal, size: size, place: number - 1)
  }

  /// libarchive turns pax names from UTF-8 into the locale's code: the result must not depend on it.
  private func withUTF8Names<Result>(_ body: () -> Result) -> Result {
    guard let utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", nil) else { return body() }
    let before = uselocale(utf8)
    defer {
      uselocale(before)
      freelocale(utf8)
    }
    return body()
  }
}
