internal import DSXCore
internal import Glibc

/// Holds one night for one process: `flock` on `.NAME.lock` beside the night's folder, which may itself
/// be replaced. The system gives it up when its process dies.
final class NightLock {
  private let path: String
  private var descriptor: Int32 = -1

  /// Takes the lock of the night at `folder`, whose parent is made when it is not there.
  ///
  /// Throws `outputExists` while another process has it for more than a second: one that was killed
  /// keeps it until the system has cleared it away.
  init(_ folder: String) throws(DSXError) {
    let parts = FilePath.split(folder)
    if !parts.folder.isEmpty { try FilePath.makeFolder(parts.folder) }
    path = FilePath.join(parts.folder, "." + parts.name + ".lock")
    for attempt in 0..<20 {
      if attempt > 0 { usleep(50_000) }
      let opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
      guard opened >= 0 else {
        throw DSXError.system("cannot make the lock of the night", file: path)
      }
      // A file system without locks is used without them.
      if flock(opened, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
        close(opened)
        continue
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
    throw DSXError(
      .outputExists, "another run of dsx is writing to this output", file: folder,
      hint: "wait for it to end, or give --night another name")
  }

  deinit { release() }

  /// Gives it up.
  func release() {
    guard descriptor >= 0 else { return }
    unlink(path)
    close(descriptor)
    descriptor = -1
  }
}
