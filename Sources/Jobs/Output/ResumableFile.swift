public import DSXCore
internal import Glibc

/// A file of JSON lines that one process at a time makes, in several goes, also after it was killed.
///
/// | file | content |
/// | --- | --- |
/// | `NAME.run.json` | what decides the lines (its `kind` names the maker); with `counts` and `bytes` once they are complete |
/// | `NAME.part` | the lines so far; locked by the process that writes them |
/// | `NAME` | all lines; appears when they are complete |
public struct ResumableFile {
  private let path: String
  private let identity: JSONValue
  private var descriptor: Int32 = -1
  /// What was counted when the file was finished; nil while it is not.
  public private(set) var finished: JSONValue?

  /// The file of the lines so far.
  public var part: String { path + ".part" }

  /// Opens the output to go on, or finds it finished.
  ///
  /// Throws `outputExists` for an output of something else unless it may be replaced, and while another process
  /// writes it.
  public init(path: String, identity: JSONValue, overwrite: Bool) throws(DSXError) {
    self.path = path
    self.identity = identity
    let isNew = try lock()
    do throws(DSXError) {
      let before = Self.sidecar(path)
      try Self.checkSize(path, before, identity, overwrite)
      if let counts = Self.counts(path, before, identity) {
        finished = counts
        if isNew { try FilePath.removeTree(part) }
        close()
        return
      }
      let isSame = before.map(Self.withoutCounts) == identity
      if !isSame || FilePath.exists(path) {
        try Self.checkReplaceable(path, before, identity, overwrite, partIsNew: isNew)
        for file in [path, path + ".run.json"] where FilePath.exists(file) {
          try FilePath.removeTree(file)
        }
        try keep(0)
      }
      try Self.write(identity, to: path + ".run.json")
    } catch {
      if isNew { try? FilePath.removeTree(part) }
      close()
      throw error
    }
  }

  /// Opens the lines so far for this process alone; whether there were none. The lock goes with the file to its
  /// final name.
  private mutating func lock() throws(DSXError) -> Bool {
    for _ in 0..<100 {
      var isNew = true
      var opened = open(part, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if opened < 0, errno == EEXIST {
        isNew = false
        opened = open(part, O_RDWR | O_CLOEXEC)
        if opened < 0, errno == ENOENT { continue }
      }
      guard opened >= 0 else { throw DSXError.system("cannot open the file", file: part) }
      if flock(opened, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
        Glibc.close(opened)
        break
      }
      // The one who had it may have given the file its name, or removed it, before we locked it.
      var (ours, there) = (stat(), stat())
      if fstat(opened, &ours) == 0, stat(part, &there) == 0, ours.st_ino == there.st_ino,
        ours.st_dev == there.st_dev
      {
        descriptor = opened
        return isNew
      }
      Glibc.close(opened)
    }
    throw DSXError(
      .outputExists, "another run of dsx is writing to this output", file: path,
      hint: "wait until it has ended, or choose another --output")
  }

  /// Cuts the lines so far behind `bytes`; what follows is appended there.
  public func keep(_ bytes: Int) throws(DSXError) {
    guard ftruncate(descriptor, off_t(bytes)) == 0, lseek(descriptor, 0, SEEK_END) >= 0 else {
      throw DSXError.system("cannot cut the file", file: part)
    }
  }

  /// Appends bytes.
  public func append(_ bytes: UnsafeRawBufferPointer) throws(DSXError) {
    var start = 0
    while start < bytes.count, let base = bytes.baseAddress {
      let count = Glibc.write(descriptor, base + start, bytes.count - start)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        throw DSXError.system("cannot write the file", file: part, needs: bytes.count - start)
      }
      start += count
    }
  }

  /// Appends a line for each value.
  public func append(lines: [JSONValue]) throws(DSXError) {
    var bytes: [UInt8] = []
    for line in lines {
      line.write(into: &bytes)
      bytes.append(0x0a)
    }
    try bytes.withUnsafeBufferPointer { (bytes) throws(DSXError) in
      try append(UnsafeRawBufferPointer(bytes))
    }
  }

  /// Waits until what was appended is on the disk.
  public func flush() throws(DSXError) {
    guard fsync(descriptor) == 0 else {
      throw DSXError.system("cannot flush to disk", file: part)
    }
  }

  /// Closes what is unfinished; it stays for the next run.
  public mutating func close() {
    if descriptor >= 0 { _ = Glibc.close(descriptor) }
    descriptor = -1
  }

  /// Removes what is unfinished, and closes it.
  public mutating func discard() {
    for file in [part, path + ".run.json"] { try? FilePath.removeTree(file) }
    close()
  }

  /// All lines are there: gives the file its name.
  public mutating func publish(counts: JSONValue) throws(DSXError) {
    defer { close() }
    try flush()
    // First what tells that it is complete: after a death in between, the next run finds all lines.
    let size = FilePath.size(part) ?? 0
    try Self.write(
      .object(
        (identity.object ?? []) + [
          .init("counts", counts), .init("bytes", .int(Int64(size))),
        ]), to: path + ".run.json")
    guard rename(part, path) == 0 else {
      throw DSXError.system("cannot move the finished file into place", file: path)
    }
    try FilePath.flush(FilePath.split(path).folder)
  }
}
