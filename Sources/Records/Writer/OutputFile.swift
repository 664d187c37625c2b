internal import DSXCore
internal import Glibc
internal import Kernels

/// A file that is written at any position. It can be closed in between: the next use opens it again,
/// so that a set of 1,000 shards needs no 1,000 descriptors.
final class OutputFile {
  let path: String
  private var descriptor: Int32 = -1

  /// Creates the file, or empties it.
  init(path: String) throws(DSXError) {
    self.path = path
    descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw DSXError.system("cannot create the file", file: path) }
  }

  deinit { if descriptor >= 0 { Glibc.close(descriptor) } }

  private func use() throws(DSXError) -> Int32 {
    if descriptor < 0 { descriptor = open(path, O_RDWR | O_CLOEXEC) }
    guard descriptor >= 0 else { throw DSXError.system("cannot open the file", file: path) }
    return descriptor
  }

  /// Gives the descriptor back for now. A failure to write shows here at the latest.
  func close() throws(DSXError) {
    guard descriptor >= 0 else { return }
    let result = Glibc.close(descriptor)
    descriptor = -1
    guard result == 0 || errno == EINTR else {
      throw DSXError.system("cannot write the file", file: path)
    }
  }

  /// Writes all of `bytes` at `position`.
  func write(_ bytes: UnsafeRawBufferPointer, at position: Int) throws(DSXError) {
    let descriptor = try use()
    var done = 0
    while done < bytes.count, let base = bytes.baseAddress {
      let count = pwrite(descriptor, base + done, bytes.count - done, off_t(position + done))
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else {
        throw DSXError.system(
          "cannot write \(bytes.count - done) bytes to the file", file: path)
      }
      done += count
    }
  }

  /// Asks the system to start writing this range to disk, so that the final flush has less to wait for.
  func startFlush(from position: Int, count: Int) {
    guard descriptor >= 0, count > 0 else { return }
    dsx_start_flush(descriptor, Int64(position), Int64(count))
  }

  /// Reads exactly `count` bytes from `position`, which were written before.
  func read(_ count: Int, at position: Int, into store: inout ByteStore) throws(DSXError) {
    let descriptor = try use()
    let target = store.room(count)
    var done = 0
    while done < count {
      let got = pread(descriptor, target + done, count - done, off_t(position + done))
      if got < 0 && errno == EINTR { continue }
      guard got > 0 else { throw DSXError.system("cannot read the file", file: path) }
      done += got
    }
    store.advance(count)
  }
}
