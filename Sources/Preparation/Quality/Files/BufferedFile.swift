internal import DSXCore
internal import Glibc
internal import Kernels

/// A file written from front to back through a buffer, with a running CRC-32C.
struct BufferedFile: ~Copyable {
  private let descriptor: Int32
  private let path: String
  private var pending: [UInt8] = []
  /// CRC-32C of everything appended so far.
  private(set) var checksum: UInt32 = 0
  private static let room = 1 << 18

  /// Creates or empties the file; it begins with `header`.
  init(path: String, header: [UInt8] = []) throws(DSXError) {
    self.path = path
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw DSXError.system("cannot create the file", file: path) }
    pending.reserveCapacity(Self.room + (1 << 16))
    pending.append(contentsOf: header)
    checksum = header.withUnsafeBytes { dsx_crc32c(0, $0.baseAddress, $0.count) }
  }

  deinit { close(descriptor) }

  mutating func append(_ bytes: [UInt8]) throws(DSXError) {
    bytes.withUnsafeBytes { checksum = dsx_crc32c(checksum, $0.baseAddress, $0.count) }
    pending.append(contentsOf: bytes)
    if pending.count >= Self.room { try writeOut() }
  }

  /// Writes what is pending and forces the file to disk.
  mutating func finish() throws(DSXError) {
    try writeOut()
    guard fsync(descriptor) == 0 else {
      throw DSXError.system("cannot flush to disk", file: path)
    }
  }

  private mutating func writeOut() throws(DSXError) {
    var failed = false
    pending.withUnsafeBytes { buffer in
      var done = 0
      while done < buffer.count, let base = buffer.baseAddress {
        let count = Glibc.write(descriptor, base + done, buffer.count - done)
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else {
          failed = true
          return
        }
        done += count
      }
    }
    if failed {
      throw DSXError.system("cannot write the file", file: path, needs: pending.count)
    }
    pending.removeAll(keepingCapacity: true)
  }
}

extension [UInt8] {
  /// Appends an integer, least significant byte first.
  mutating func appendLittle(_ value: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }

  /// Appends zeros up to a multiple of 8 bytes.
  mutating func padToEight() { append(contentsOf: repeatElement(0, count: (8 - count % 8) % 8)) }
}
