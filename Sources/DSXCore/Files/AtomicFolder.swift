internal import Glibc

/// Publishes files so that nobody ever sees half of one: written in a hidden temporary folder beside
/// the target, flushed to disk, renamed into place, the folder flushed.
///
/// Whoever makes one calls `publish` or `discard`. A leftover of a killed run is named
/// `.dsx-tmp-NAME` and is cleared by the next run to the same target. The folder is locked (`flock`)
/// while its run lives, so a second run to the same target is refused and never touches it.
public struct AtomicFolder: Sendable {
  /// Where the files are written before they are published.
  public let temporary: String
  /// The folder that they end up in.
  public let folder: String

  /// A temporary folder for the files of `target` (a path whose folder must exist or can be made).
  ///
  /// Throws `outputExists` while another run writes to the same target, `io` when no folder can be made.
  public init(target: String) throws(DSXError) {
    let (parent, name) = FilePath.split(target)
    try FilePath.makeFolder(parent)
    folder = parent
    temporary = FilePath.join(parent, Self.temporaryName(name))
    try Self.clearLeftover(temporary, target)
    guard mkdir(temporary, 0o777) == 0 else {
      if errno == EEXIST { throw Self.busy(target) }
      throw DSXError.system("cannot make a temporary folder", file: temporary)
    }
    let (descriptor, made) = (try Self.lock(temporary, target), temporary)
    Self.open.withLock { $0[made] = Held(descriptor: descriptor) }
  }

  private init(temporary: String, folder: String) {
    self.temporary = temporary
    self.folder = folder
  }

  /// The temporary folder that a killed run left for `target`, with all in it, locked for this run; nil
  /// when there is none. Throws `outputExists` while that run lives.
  public static func leftover(of target: String) throws(DSXError) -> AtomicFolder? {
    let (parent, name) = FilePath.split(target)
    let path = FilePath.join(parent, temporaryName(name))
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return nil }
    let descriptor = try lock(path, target)
    open.withLock { $0[path] = Held(descriptor: descriptor) }
    return AtomicFolder(temporary: path, folder: parent)
  }

  /// Removes what runs that died behind the last move left for these targets: for whoever finds them
  /// finished and will not write them. What a living run is using stays.
  public static func clearLeftovers(of targets: [String]) {
    for target in targets {
      let (parent, name) = FilePath.split(target)
      try? clearLeftover(FilePath.join(parent, temporaryName(name)), target)
    }
  }

  /// The name of the temporary folder for a target of that name.
  public static func temporaryName(_ name: String) -> String { ".dsx-tmp-" + name }

  /// A temporary folder that is neither published nor discarded.
  private struct Held {
    /// Holds its lock.
    var descriptor: Int32
    /// Whether it stays when a signal ends the process: a later run goes on with it.
    var isKept = false
  }

  /// Those of this process.
  private static let open = Lock<[String: Held]>([:])

  /// Removes every unfinished temporary folder: for a process that a signal ends. Waits for files that
  /// are being moved into place, so that they arrive all or not at all. Call it once, at the end.
  public static func discardAll() {
    open.withLock { folders in
      // The other threads go on until the process ends and may add a file while its folder is emptied.
      for _ in 0..<3 {
        for (folder, held) in folders where !held.isKept { try? FilePath.removeTree(folder) }
      }
    }
  }

  /// The path of a file of that final name while it is written.
  public func path(_ name: String) -> String { FilePath.join(temporary, name) }

  /// Flushes the files and moves them into place, in the order given: name last what marks the whole as
  /// complete. `flushed`: the files are on disk already. `durable` off: nothing is flushed, for tests. `last`: a file
  /// that is removed after all else, in one step; see `takeBack`.
  public func publish(
    _ names: [String], flushed: Bool = false, durable: Bool = true, last: String? = nil
  ) throws(DSXError) {
    if !flushed, durable { for name in names { try FilePath.flush(path(name)) } }
    try Self.open.withLock { (_) throws(DSXError) in
      for name in names {
        guard rename(path(name), FilePath.join(folder, name)) == 0 else {
          throw DSXError.system(
            "cannot move the finished file into place", file: FilePath.join(folder, name))
        }
      }
    }
    if durable { try FilePath.flush(folder) }
    guard let last else { return discard() }
    let beside = temporary + Self.lastSuffix
    let isBeside = rename(path(last), beside) == 0
    discard()
    if isBeside { unlink(beside) }
  }

  /// What a `last` file is called once it is alone.
  private static let lastSuffix = ".last"

  /// Brings the file that a run removes last back into the temporary folder of `target`, where that run was killed
  /// before it could: what it says still holds.
  public static func takeBack(_ name: String, of target: String) {
    let (parent, last) = FilePath.split(target)
    let folder = FilePath.join(parent, temporaryName(last))
    guard FilePath.exists(folder + lastSuffix) else { return }
    mkdir(folder, 0o777)
    rename(folder + lastSuffix, FilePath.join(folder, name))
  }

  /// Drops everything that was written; nothing when that was done before.
  public func discard() {
    // Unlocked last: until then no other run can make a folder of this name.
    guard let held = Self.open.withLock({ $0[temporary] }) else { return }
    try? FilePath.removeTree(temporary)
    Self.open.withLock { _ = $0.removeValue(forKey: temporary) }
    close(held.descriptor)
  }

  /// Leaves the folder where it is when a signal ends the process, for a later run to go on with.
  public func keep() { Self.open.withLock { $0[temporary]?.isKept = true } }

  /// Gives the folder up with all that is in it, for a later run to go on with.
  public func release() {
    guard let held = Self.open.withLock({ $0.removeValue(forKey: temporary) }) else { return }
    close(held.descriptor)
  }

  /// Writes one whole file atomically.
  public static func write(_ bytes: [UInt8], to target: String) throws(DSXError) {
    let folder = try AtomicFolder(target: target)
    let name = FilePath.split(target).name
    do {
      try FilePath.write(bytes, to: folder.path(name))
      try folder.publish([name])
    } catch {
      folder.discard()
      throw error
    }
  }
}

extension AtomicFolder {
  /// Removes what a killed run left at `path`; refuses when its run is alive.
  private static func clearLeftover(_ path: String, _ target: String) throws(DSXError) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFDIR else { return try FilePath.removeTree(path) }
    let descriptor = try lock(path, target)
    defer { close(descriptor) }
    try FilePath.removeTree(path)
  }

  /// Locks the folder at `path` until the descriptor is closed.
  private static func lock(_ path: String, _ target: String) throws(DSXError) -> Int32 {
    let descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT { throw busy(target) }
      throw DSXError.system("cannot open the temporary folder", file: path)
    }
    // A file system without locks is used without them.
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
      close(descriptor)
      throw busy(target)
    }
    // Another run may have cleared the folder away between its making and its locking.
    var (ours, there) = (stat(), stat())
    guard fstat(descriptor, &ours) == 0, lstat(path, &there) == 0, ours.st_ino == there.st_ino
    else {
      close(descriptor)
      throw busy(target)
    }
    return descriptor
  }

  private static func busy(_ target: String) -> DSXError {
    DSXError(
      .outputExists, "another run of dsx is writing to this output", file: target,
      hint: "wait for it to end, or choose another --output")
  }
}
