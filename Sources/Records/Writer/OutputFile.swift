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

  /// Opens a file that was written before, to go on with it.
  init(existing path: String) throws(DSXError) {
    self.path = path
    descriptor = open(path, O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else { throw DSXError.system("cannot open the file", file: path) }
  }

  /// A copy of the file at `source` under the name `path`, to go on with. Takes little time and space
  /// where the file system shares blocks; holes stay holes.
  init(path: String, copyOf source: String) throws(DSXError) {
    self.path = path
    let from = open(source, O_RDONLY | O_CLOEXEC)
    guard from >= 0 else { throw DSXError.system("cannot open the file", file: source) }
    defer { Glibc.close(from) }
    descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw DSXError.system("cannot create the file", file: path) }
    let result = dsx_copy_file(from, descriptor)
    guard result == 0 else {
      errno = result
      throw DSXError.system("cannot copy '\(source)'", file: path)
    }
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

  /// The file's size.
  func size() throws(DSXError) -> Int {
    var status = stat()
    guard fstat(try use(), &status) == 0 else {
      throw DSXError.system("cannot read the file's size", file: path)
    }
    return Int(status.st_size)
  }

  /// Cuts the file off at `size`, or fills it up with zeros.
  func truncate(to size: Int) throws(DSXError) {
    guard ftruncate(try use(), off_t(size)) == 0 else {
      throw DSXError.system("cannot change the file's size", file: path)
    }
  }

  /// Makes a range read as zeros, as if it had never been written.
  func clear(_ range: Range<Int>) throws(DSXError) {
    let end = min(range.upperBound, try size())
    guard range.lowerBound < end else { return }
    let count = end - range.lowerBound
    if dsx_punch_hole(try use(), Int64(range.lowerBound), Int64(count)) == 0 { return }
    let zeros = [UInt8](repeating: 0, count: min(count, 1 << 20))
    var at = range.lowerBound
    while at < end {
      let part = min(zeros.count, end - at)
      // The closure cannot carry a typed error out by itself.
      var failure: DSXError?
      zeros.withUnsafeBytes { bytes in
        do throws(DSXError) {
          try write(UnsafeRawBufferPointer(rebasing: bytes[..<part]), at: at)
        } catch { failure = error }
      }
      if let failure { throw failure }
      at += part
    }
  }

  /// Waits until everything that was written is on disk.
  func sync() throws(DSXError) {
    guard fdatasync(try use()) == 0 else {
      throw DSXError.system("cannot flush the file to disk", file: path)
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
