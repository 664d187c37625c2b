internal import DSXCore
internal import Glibc

/// Appends lines to a file, a unit at a time, each by one call as far as the system allows.
final class LineWriter {
  private let path: String
  private let descriptor: Int32
  private var buffer: [UInt8] = []

  init(_ path: String) throws(DSXError) {
    self.path = path
    descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw DSXError.system("cannot open the file", file: path) }
  }

  deinit { close(descriptor) }

  /// Appends these lines.
  func append(_ lines: [JSONValue]) throws(DSXError) {
    buffer.removeAll(keepingCapacity: true)
    for line in lines {
      line.write(into: &buffer)
      buffer.append(0x0a)
    }
    var failed = false
    var done = 0
    buffer.withUnsafeBytes { bytes in
      while done < bytes.count, let base = bytes.baseAddress {
        let count = write(descriptor, base + done, bytes.count - done)
        if count < 0 && errno == EINTR { continue }
        if count <= 0 {
          failed = true
          return
        }
        done += count
      }
    }
    if failed {
      throw DSXError.system("cannot write the file", file: path, needs: buffer.count - done)
    }
  }

  /// Waits until all is on the disk.
  func flush() throws(DSXError) {
    guard fsync(descriptor) == 0 else {
      throw DSXError.system("cannot flush the file", file: path)
    }
  }
}
