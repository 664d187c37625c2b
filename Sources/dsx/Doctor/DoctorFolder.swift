internal import DSXCore
internal import Glibc
internal import Reports

/// A real write, flush, rename and lock in the folder that dsx shall write to, with their times.
struct DoctorFolder {
  private static let topic = "folder"
  /// Bytes that are written.
  private static let size = 8 << 20

  private let folder: String

  init(_ folder: String) { self.folder = folder }

  func findings() -> [DoctorFinding] {
    guard FilePath.isFolder(folder) else {
      return [
        .fail(
          Self.topic, folder, "there is no such folder", "make it, or name another: dsx doctor DIR")
      ]
    }
    return [kind()] + space() + written()
  }

  // MARK: what it is

  /// Kinds of file systems that several machines see.
  private static let shared = [
    "nfs", "nfs4", "lustre", "gpfs", "ceph", "cifs", "smb3", "beegfs", "9p", "glusterfs", "afs",
  ]

  private func kind() -> DoctorFinding {
    guard let kind = mounted() else {
      return .ok(Self.topic, "file system", "of an unknown kind")
    }
    if kind == "tmpfs" || kind == "ramfs" {
      return .warn(
        Self.topic, "file system", kind + ": memory, gone with the next start of the machine",
        "write what shall stay to a disk")
    }
    guard Self.shared.contains(kind) || kind.hasPrefix("fuse") else {
      return .ok(Self.topic, "file system", kind)
    }
    return .warn(
      Self.topic, "file system", kind + ", maybe shared by several machines",
      "fine for records and shards; keep reports/history.db where one machine writes it")
  }

  /// The kind of the file system that is mounted deepest above the folder.
  private func mounted() -> String? {
    guard let whole = realpath(folder, nil) else { return nil }
    defer { free(whole) }
    let path = String(cString: whole) + "/"
    var found: (length: Int, kind: String)?
    for line in SystemText.lines(SystemText.read("/proc/self/mounts") ?? "") {
      let words = SystemText.words(line)
      // Blanks in names are written as \040; such a mount is passed over.
      guard words.count > 2 else { continue }
      let place = words[1] == "/" ? "/" : words[1] + "/"
      guard path.utf8.starts(with: place.utf8), place.utf8.count >= found?.length ?? 0 else {
        continue
      }
      found = (place.utf8.count, words[2])
    }
    return found?.kind
  }

  private func space() -> [DoctorFinding] {
    var info = statvfs()
    // Some kinds of file systems have no blocks to count.
    guard statvfs(folder, &info) == 0, info.f_blocks > 0 else { return [] }
    let (free, overflow) = UInt64(info.f_bavail)
      .multipliedReportingOverflow(by: UInt64(info.f_frsize))
    let bytes = overflow ? Int.max : Int(clamping: free)
    let text = NumberFormat.bytes(bytes) + " free"
    var findings: [DoctorFinding] = []
    if bytes < Self.size * 2 {
      findings.append(
        .fail(Self.topic, "space", text, "make room: not even the test's 8 MiB fit twice"))
    } else if bytes < 1 << 30 {
      findings.append(
        .warn(
          Self.topic, "space", text, "prepare needs about as much as its input, and says so before")
      )
    } else {
      findings.append(.ok(Self.topic, "space", text))
    }
    // Some file systems make inodes as they are wanted, and say 0 of 0.
    if info.f_files > 0, info.f_favail < 1000 {
      findings.append(
        .warn(
          Self.topic, "inodes", "\(info.f_favail) files can be made",
          "remove small files: shards need three files each"))
    }
    return findings
  }

  // MARK: what it does

  private func written() -> [DoctorFinding] {
    let place = FilePath.join(folder, ".dsx-doctor.\(getpid())")
    defer { try? FilePath.removeTree(place) }
    do throws(DSXError) {
      try FilePath.makeFolder(place)
      let write = try writes(place)
      return [write, try renames(place), try locks(place)]
    } catch {
      return [
        .error(Self.topic, "writing", error, "choose a folder that you may write to")
      ]
    }
  }

  private func writes(_ place: String) throws(DSXError) -> DoctorFinding {
    let path = FilePath.join(place, "data.tmp")
    let bytes = [UInt8](unsafeUninitializedCapacity: Self.size) { buffer, count in
      // Not a run of zeros: some file systems do not store those.
      for index in buffer.indices { buffer[index] = UInt8(truncatingIfNeeded: index &* 31 >> 7) }
      count = Self.size
    }
    let begin = StderrProgress.seconds()
    try FilePath.write(bytes, to: path)
    let middle = StderrProgress.seconds()
    try FilePath.flush(path)
    let end = StderrProgress.seconds()
    let isSame = try MappedFile(path: path).withBytes { $0.elementsEqual(bytes) }
    let rate = Double(Self.size) / 1e6 / max(1e-6, end - begin)
    let text =
      "8 MiB written in \(Self.milliseconds(middle - begin)), flushed in "
      + "\(Self.milliseconds(end - middle)): \(ProgressLine.decimal(rate, 0)) MB/s"
    guard isSame else {
      return .fail(
        Self.topic, "write and fsync", "what was written is not what is read back",
        "do not use this folder: the disk or its driver is broken")
    }
    guard end - middle > 2 else { return .ok(Self.topic, "write and fsync", text) }
    return .warn(
      Self.topic, "write and fsync", text,
      "every shard waits for its flush: larger shards, or a faster disk")
  }

  /// A rename over an old file, as every output of dsx appears.
  private func renames(_ place: String) throws(DSXError) -> DoctorFinding {
    let (new, old) = (FilePath.join(place, "new.tmp"), FilePath.join(place, "file"))
    try FilePath.write(Array("old\n".utf8), to: old)
    try FilePath.write(Array("new\n".utf8), to: new)
    try FilePath.flush(new)
    let begin = StderrProgress.seconds()
    guard rename(new, old) == 0 else {
      throw DSXError.system("cannot rename over a file", file: old)
    }
    try FilePath.flush(place)
    let end = StderrProgress.seconds()
    let isNew = try MappedFile(path: old).withBytes { $0.elementsEqual("new\n".utf8) }
    guard isNew, !FilePath.exists(new) else {
      return .fail(
        Self.topic, "rename", "a rename left the old file",
        "do not use this folder: outputs could not appear whole")
    }
    return .ok(
      Self.topic, "rename",
      "over a file, with its folder flushed, in "
        + Self.milliseconds(end - begin))
  }

  /// Whether a second holder of a lock is kept out, as the history's one writer must be.
  private func locks(_ place: String) throws(DSXError) -> DoctorFinding {
    let path = FilePath.join(place, "lock")
    let first = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard first >= 0 else { throw DSXError.system("cannot make the file", file: path) }
    defer { close(first) }
    let second = open(path, O_RDWR | O_CLOEXEC)
    guard second >= 0 else { throw DSXError.system("cannot open the file", file: path) }
    defer { close(second) }
    let begin = StderrProgress.seconds()
    guard flock(first, LOCK_EX | LOCK_NB) == 0 else {
      return .warn(
        Self.topic, "locks", "there are none: " + String(cString: strerror(errno)),
        "let one process at a time write the history and work folders here")
    }
    if flock(second, LOCK_EX | LOCK_NB) == 0 {
      return .warn(
        Self.topic, "locks", "a second writer is not kept out",
        "let one process at a time write the history and work folders here")
    }
    let end = StderrProgress.seconds()
    var region = Glibc.flock()
    (region.l_type, region.l_whence) = (Int16(F_WRLCK), Int16(SEEK_SET))
    guard fcntl(second, F_SETLK, &region) == 0 else {
      return .warn(
        Self.topic, "locks", "SQLite's kind does not work: " + String(cString: strerror(errno)),
        "keep reports/history.db on a local disk")
    }
    return .ok(
      Self.topic, "locks", "one writer at a time, taken in \(Self.milliseconds(end - begin))")
  }

  private static func milliseconds(_ seconds: Double) -> String {
    ProgressLine.decimal(seconds * 1000, seconds < 0.01 ? 2 : 0) + " ms"
  }
}
