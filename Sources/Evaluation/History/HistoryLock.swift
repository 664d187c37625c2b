internal import DSXCore
internal import Glibc

/// The lock of the history's one writer: `flock` on `history.db.lock`, which the system gives up when
/// its process dies. The file says who holds it.
final class HistoryLock {
  private let descriptor: Int32

  /// Takes the lock; waits up to `seconds` for another writer, then throws `outputExists`.
  init(_ database: String, seconds: Double) throws(DSXError) {
    let path = database + ".lock"
    let opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard opened >= 0 else {
      throw DSXError.system("cannot make the lock of the history", file: path)
    }
    var tries = max(1, Int(seconds * 20))
    while flock(opened, LOCK_EX | LOCK_NB) != 0 {
      guard errno == EWOULDBLOCK || errno == EINTR else {
        // Without locks there, SQLite's own must do.
        break
      }
      tries -= 1
      guard tries > 0 else {
        let holder = Self.holder(opened)
        close(opened)
        throw DSXError(
          .outputExists, "another run of dsx is writing to the history", file: database,
          hint: holder.isEmpty ? "wait for it to end" : "wait for it to end: " + holder)
      }
      usleep(50_000)
    }
    descriptor = opened
    sign()
  }

  deinit { close(descriptor) }

  private func sign() {
    let text = Array("process \(getpid()) on \(Self.host())\n".utf8)
    _ = ftruncate(descriptor, 0)
    text.withUnsafeBytes { _ = pwrite(descriptor, $0.baseAddress, $0.count, 0) }
  }

  private static func holder(_ descriptor: Int32) -> String {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 256) { buffer in
      let count = pread(descriptor, buffer.baseAddress, 256, 0)
      guard count > 0 else { return "" }
      let bytes = buffer.prefix(count).filter { $0 >= 0x20 && $0 < 0x7f }
      return String(decoding: bytes, as: UTF8.self)
    }
  }

  static func host() -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
      guard let base = buffer.baseAddress, gethostname(base, 255) == 0 else { return "this host" }
      base[255] = 0
      return String(cString: base)
    }
  }
}
