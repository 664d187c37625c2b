internal import DSXCore
internal import Glibc

/// Buffered results on stdout, messages on stderr. Only this room prints.
enum Output {
  private static let pending = Lock<[UInt8]>([])
  private static let limit = 1 << 16

  /// One line of result.
  static func line(_ text: String) { write(Array((text + "\n").utf8)) }

  /// Bytes of result.
  static func write(_ bytes: [UInt8]) { bytes.withUnsafeBytes { write($0) } }

  /// Bytes of result.
  static func write(_ bytes: UnsafeRawBufferPointer) {
    pending.withLock { buffer in
      if buffer.count + bytes.count > limit { drain(&buffer) }
      if bytes.count > limit {
        send(bytes, to: STDOUT_FILENO)
      } else {
        buffer.append(contentsOf: bytes)
      }
    }
  }

  /// Hands on what has come together when that is a good deal: for results made piece by piece.
  static func drainIfLarge(_ bytes: inout [UInt8]) {
    guard bytes.count >= limit else { return }
    write(bytes)
    bytes.removeAll(keepingCapacity: true)
  }

  /// One message on stderr.
  static func message(_ text: String) {
    Array((text + "\n").utf8).withUnsafeBytes { _ = sendAll($0, to: STDERR_FILENO) }
  }

  /// Writes out what is buffered; a full disk behind stdout must not look like success.
  static func flush() { pending.withLock { drain(&$0) } }

  private static func drain(_ buffer: inout [UInt8]) {
    buffer.withUnsafeBytes { send($0, to: STDOUT_FILENO) }
    buffer.removeAll(keepingCapacity: true)
  }

  private static func send(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) {
    guard !sendAll(bytes, to: descriptor) else { return }
    // A reader that goes away (`| head`) has what it wanted.
    if errno == EPIPE {
      AtomicFolder.discardAll()
      exit(DSXCore.ExitCode.ok.rawValue)
    }
    message("dsx: error: cannot write to stdout\n  because: " + String(cString: strerror(errno)))
    AtomicFolder.discardAll()
    exit(DSXCore.ExitCode.io.rawValue)
  }

  private static func sendAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
    var done = 0
    while done < bytes.count, let base = bytes.baseAddress {
      let count = Glibc.write(descriptor, base + done, bytes.count - done)
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { return false }
      done += count
    }
    return true
  }
}
