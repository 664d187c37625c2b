internal import DSXCore
internal import Glibc

/// A file that is being written from front to back, in large pieces.
struct WeightOutput: ~Copyable {
  private let path: String
  private let descriptor: Int32
  private var pending: [UInt8] = []
  /// Bytes written so far.
  private(set) var position = 0
  private static let limit = 1 << 20

  /// Makes the file, which must not be there.
  init(path: String) throws(DSXError) {
    self.path = path
    descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw DSXError.system("cannot create the file", file: path) }
  }

  deinit { close(descriptor) }

  /// Appends bytes.
  mutating func write(_ bytes: [UInt8]) throws(DSXError) {
    pending.append(contentsOf: bytes)
    position += bytes.count
    if pending.count >= Self.limit { try drain() }
  }

  /// Appends a tensor's elements, or a part of them.
  mutating func write(_ tensor: TensorBytes, _ range: Range<Int>) throws(DSXError) {
    try drain()
    position += range.count
    defer { withExtendedLifetime(tensor) {} }
    try send(UnsafeRawBufferPointer(rebasing: tensor.bytes[range]))
  }

  /// Appends a little-endian number.
  mutating func write(_ number: some FixedWidthInteger) throws(DSXError) {
    try write(withUnsafeBytes(of: number.littleEndian) { Array($0) })
  }

  /// Hands everything to the system.
  mutating func finish() throws(DSXError) { try drain() }

  private mutating func drain() throws(DSXError) {
    let bytes = pending
    pending.removeAll(keepingCapacity: true)
    var result: Result<Void, DSXError> = .success(())
    bytes.withUnsafeBytes { buffer in
      do throws(DSXError) { try send(buffer) } catch { result = .failure(error) }
    }
    try result.get()
  }

  private borrowing func send(_ bytes: UnsafeRawBufferPointer) throws(DSXError) {
    var done = 0
    while done < bytes.count, let base = bytes.baseAddress {
      let count = Glibc.write(descriptor, base + done, min(bytes.count - done, 1 << 30))
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else {
        throw DSXError.system("cannot write the file", file: path, needs: bytes.count - done)
      }
      done += count
    }
  }
}
