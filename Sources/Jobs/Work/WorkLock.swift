public import DSXCore
internal import Glibc

/// The lock on a whole work folder: alone for who plans, merges or does everything in one go; shared by
/// those who make parts.
public final class WorkLock: Sendable {
  private let lock: FileLock

  /// Takes the lock of the work folder at `path`, which is made when it is not there.
  ///
  /// Throws `outputExists` while another process has it for more than a second: one that was killed
  /// keeps it until the system has cleared it away.
  public init(_ path: String, exclusive: Bool, output: String) throws(DSXError) {
    // Whoever had it may be removing the folder this very moment.
    var failure: DSXError?
    for attempt in 0..<20 {
      try FilePath.makeFolder(path)
      do throws(DSXError) {
        guard let lock = try FileLock(FilePath.join(path, "lock"), exclusive: exclusive) else {
          if attempt < 19 {
            usleep(50_000)
            continue
          }
          throw DSXError(
            .outputExists, "another run of dsx is writing to this output", file: output,
            hint: "wait for it to end, or choose another --output")
        }
        self.lock = lock
        return
      } catch {
        if error.code == .outputExists { throw error }
        failure = error
      }
    }
    throw failure ?? DSXError(.io, "cannot lock the work folder", file: path)
  }

  /// Gives it up.
  public func release() { lock.release() }
}
