internal import DSXCore
internal import Glibc

/// Bytes on their way to a descriptor, written in large blocks.
struct OutputBuffer {
  /// What is not written yet.
  var bytes: [UInt8] = []
  /// False when the reader has gone away: nothing more needs to be made.
  private(set) var isOpen = true
  private let descriptor: Int32

  init(descriptor: Int32) { self.descriptor = descriptor }

  /// Writes when a block has come together.
  mutating func flushIfLarge() throws(DSXError) { if bytes.count >= 1 << 16 { try flush() } }

  /// Writes everything. A closed pipe is no error.
  mutating func flush() throws(DSXError) {
    var done = 0
    while isOpen, done < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        guard let base = buffer.baseAddress else { return 0 }
        return write(descriptor, base + done, buffer.count - done)
      }
      if count < 0, errno == EINTR { continue }
      if count < 0, errno == EPIPE {
        isOpen = false
      } else if count <= 0 {
        throw DSXError.system("cannot write the output", file: "standard output")
      } else {
        done += count
      }
    }
    bytes.removeAll(keepingCapacity: true)
  }
}
