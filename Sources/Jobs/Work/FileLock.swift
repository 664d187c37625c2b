internal import DSXCore
internal import Glibc

/// An advisory lock (`flock`) on a file that is made when it is not there. The system gives it up when
/// its process dies, so a lock of a dead process never stands in the way.
///
/// On a file system without locks everybody gets it: what is made under it must then come out the same
/// whoever makes it.
final class FileLock: @unchecked Sendable {
  /// The file.
  let path: String
  private var descriptor: Int32

  /// Takes the lock, or returns nil when another process has it. `exclusive` refuses sharing.
  init?(_ path: String, exclusive: Bool = true) throws(DSXError) {
    self.path = path
    descriptor = -1
    for _ in 0..<100 {
      let opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
      guard opened >= 0 else { throw DSXError.system("cannot make the lock file", file: path) }
      if flock(opened, (exclusive ? LOCK_EX : LOCK_SH) | LOCK_NB) != 0, errno == EWOULDBLOCK {
        close(opened)
        return nil
      }
      // The one who had it may have removed the file between our opening and locking it.
      var (ours, there) = (stat(), stat())
      if fstat(opened, &ours) == 0, stat(path, &there) == 0, ours.st_ino == there.st_ino,
        ours.st_dev == there.st_dev
      {
        descriptor = opened
        return
      }
      close(opened)
    }
    return nil
  }

  deinit { release() }

  /// Writes who holds it, for `status`.
  func sign(_ text: String) {
    guard descriptor >= 0 else { return }
    ftruncate(descriptor, 0)
    let bytes = Array(text.utf8)
    bytes.withUnsafeBytes { _ = pwrite(descriptor, $0.baseAddress, $0.count, 0) }
  }

  /// Gives it up; `remove` takes the file away first.
  func release(remove: Bool = false) {
    guard descriptor >= 0 else { return }
    if remove { unlink(path) }
    close(descriptor)
    descriptor = -1
  }

  /// Whether a live process holds the lock on `path` alone; `orShared`: or together with others. Changes
  /// nothing, but `orShared` has the lock alone for a moment.
  static func isHeld(_ path: String, orShared: Bool = false) -> Bool {
    var opened: Int32 = -1
    // NFS gives a lock alone to those only who may write.
    if orShared { opened = open(path, O_RDWR | O_CLOEXEC) }
    if opened < 0 { opened = open(path, O_RDONLY | O_CLOEXEC) }
    guard opened >= 0 else { return false }
    defer { close(opened) }
    if flock(opened, (orShared ? LOCK_EX : LOCK_SH) | LOCK_NB) != 0 { return errno == EWOULDBLOCK }
    return false
  }
}
