internal import DSXCore
internal import Glibc
internal import Kernels

/// An open input file, read from front to back and hashed on the way.
final class InputStream {
  private let descriptor: Int32
  private let file: InputFile
  private var hash = SHA256(blocks: dsx_sha256_blocks)
  /// Bytes read so far.
  private(set) var position = 0

  init(_ file: InputFile) throws(DSXError) {
    self.file = file
    descriptor = open(file.path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw DSXError.system("cannot open the input", file: file.path) }
  }

  deinit { close(descriptor) }

  /// Appends up to `count` bytes to `bytes`; returns how many, 0 at the end.
  ///
  /// Throws `io` when the file no longer has the size that it was planned with: rows of a file that
  /// changes while it is read would belong to no known content.
  func read(upTo count: Int, into bytes: inout [UInt8]) throws(DSXError) -> Int {
    let start = bytes.count
    var got = 0
    // One byte more than is due tells a file that grew; small files need no large buffer.
    let count = min(count, file.size - position + 1)
    bytes.reserveCapacity(start + count)
    bytes.append(contentsOf: repeatElement(0, count: count))
    let descriptor = descriptor
    bytes.withUnsafeMutableBytes { buffer in
      guard let base = buffer.baseAddress else { return }
      repeat { got = Glibc.read(descriptor, base + start, count) } while got < 0 && errno == EINTR
    }
    guard got >= 0 else {
      bytes.removeLast(count)
      throw DSXError.system("cannot read the input", file: file.path)
    }
    bytes.removeLast(count - got)
    position += got
    guard got > 0 ? position <= file.size : position == file.size else {
      throw DSXError(
        .io, "the input changed while it was read", file: file.path, byte: position,
        hint: "run again when nothing writes to it any more")
    }
    bytes.withUnsafeBytes { hash.update(UnsafeRawBufferPointer(rebasing: $0[start...])) }
    return got
  }

  /// The digest of what was read.
  var sha256: String { hash.hexDigest() }
}
