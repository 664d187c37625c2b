public import DSXCore
internal import Glibc

extension ZipArchive {
  /// Unpacks all members into a new folder: for data sets whose code wants files.
  ///
  /// The one place where anything of an archive reaches the disk, and only when asked to. All rules of
  /// opening hold. Besides, names that differ only in upper and lower case (of ASCII), and names with
  /// control characters are refused, since file systems and shells disagree on them. The sizes must fit
  /// into nine tenths of the free space. Files get mode 0644, folders 0755 (less the umask), whatever the
  /// archive says. Written into a hidden folder beside, then moved into place: all or nothing.
  ///
  /// Throws `outputExists` when there is something at `folder` already, `unsafeArchive`, `corrupt`, `io`.
  public func extract(to folder: String) throws(DSXError) {
    var status = stat()
    guard lstat(folder, &status) != 0 else {
      throw DSXError(
        .outputExists, "there is something already where the archive is to be unpacked",
        file: folder, hint: "choose a new folder")
    }
    try checkNames()
    let place = try AtomicFolder(target: folder)
    do throws(DSXError) {
      try checkSpace(place.temporary)
      let name = FilePath.split(folder).name
      let root = place.path(name)
      guard mkdir(root, 0o755) == 0 else {
        throw DSXError.system("cannot make the folder", file: root)
      }
      let target = Glibc.open(root, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      guard target >= 0 else { throw DSXError.system("cannot open the folder", file: root) }
      defer { close(target) }
      for member in membersByPlace { try write(member, under: target, root) }
      try place.publish([name], flushed: true)
    } catch {
      place.discard()
      throw error
    }
  }

  private func checkNames() throws(DSXError) {
    var seen: [String: String] = [:]
    for member in members {
      guard !member.name.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) else {
        throw DSXError(
          .unsafeArchive,
          "the name '\(MemberName.escaped(member.name))' has control characters and cannot be unpacked",
          file: name, hint: "make the archive again with plain names")
      }
      // Each folder too: `A/x` and `a/y` are two folders here and one elsewhere.
      var end = member.name.utf8.startIndex
      while true {
        let part = member.name.utf8[end...].firstIndex(of: UInt8(ascii: "/"))
        let path = String(
          decoding: member.name.utf8[..<(part ?? member.name.utf8.endIndex)], as: UTF8.self)
        let folded = String(
          decoding: path.utf8.map { (0x41...0x5a).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
        if let other = seen.updateValue(path, forKey: folded), !other.utf8.elementsEqual(path.utf8)
        {
          throw DSXError(
            .unsafeArchive,
            "the archive holds '\(MemberName.escaped(other))' and '\(MemberName.escaped(path))'",
            file: name, hint: "they are one file on some disks: give them different names")
        }
        guard let part else { break }
        end = member.name.utf8.index(after: part)
      }
    }
  }

  private func checkSpace(_ folder: String) throws(DSXError) {
    var space = statvfs()
    guard statvfs(folder, &space) == 0 else { return }
    let (free, overflows) = Int(clamping: space.f_bavail).multipliedReportingOverflow(
      by: Int(clamping: space.f_frsize))
    let needed = members.reduce(0) { $0 + $1.size }
    guard overflows || needed <= free / 10 * 9 else {
      throw DSXError(
        .io, "the archive unpacks to \(needed) bytes, more than nine tenths of what is free",
        file: folder, hint: "free some space on that disk, then run the same command again")
    }
  }

  /// Writes one member below the open folder, never through a link: folders are opened one by one.
  private func write(_ member: ArchiveMember, under root: Int32, _ shown: String) throws(DSXError) {
    var folder = dup(root)
    defer { close(folder) }
    var parts = member.name.utf8.split(separator: UInt8(ascii: "/"))
      .map { String(decoding: $0, as: UTF8.self) }
    guard folder >= 0, let last = parts.popLast() else {
      throw DSXError.system("cannot open the folder", file: shown)
    }
    for part in parts {
      guard mkdirat(folder, part, 0o755) == 0 || errno == EEXIST else {
        throw DSXError.system("cannot make a folder", file: shown + "/" + part)
      }
      let next = openat(folder, part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      guard next >= 0 else {
        throw DSXError.system("cannot open a folder", file: shown + "/" + part)
      }
      close(folder)
      folder = next
    }
    let file = openat(folder, last, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o644)
    guard file >= 0 else {
      throw DSXError.system("cannot make the file", file: shown + "/" + member.name)
    }
    defer { close(file) }
    let source = try open(member)
    var bytes: [UInt8] = []
    while try source.read(upTo: 1 << 20, into: &bytes) > 0 {
      var done = 0
      while done < bytes.count {
        let wrote = bytes.withUnsafeBytes { buffer in
          Glibc.write(file, buffer.baseAddress?.advanced(by: done), buffer.count - done)
        }
        if wrote < 0 && errno == EINTR { continue }
        guard wrote > 0 else {
          throw DSXError.system(
            "cannot write the file", file: shown + "/" + member.name, needs: bytes.count - done)
        }
        done += wrote
      }
      bytes.removeAll(keepingCapacity: true)
    }
    guard fsync(file) == 0 else {
      throw DSXError.system("cannot flush the file", file: shown + "/" + member.name)
    }
  }
}
