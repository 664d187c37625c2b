internal import DSXCore
internal import Glibc

/// The bytes of an image file, read and not mapped: a file that shrinks under a mapping ends the process.
struct ImageFile {
  let bytes: [UInt8]

  /// The largest file that is read: more than any image within the limits needs.
  static let maximumSize = 1 << 30

  init(path: String) throws(DSXError) {
    // Without O_NONBLOCK a named pipe that nobody writes to would block for ever.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw DSXError.system("cannot open the image", file: path) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw DSXError.system("cannot read the image", file: path)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw DSXError(.io, "the image is not a regular file", file: path)
    }
    let size = Int(status.st_size)
    guard size <= Self.maximumSize else {
      throw DSXError(
        .imageLimit, "the image file has \(size) bytes, more than \(Self.maximumSize)", file: path)
    }
    var failure: DSXError?
    bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, used in
      while used < size, let base = buffer.baseAddress {
        let got = Glibc.read(descriptor, base + used, size - used)
        if got < 0 && errno == EINTR { continue }
        if got < 0 { failure = DSXError.system("cannot read the image", file: path) }
        // Shorter than it was a moment ago: what is there is decoded, and refused as cut.
        guard got > 0 else { break }
        used += got
      }
    }
    if let failure { throw failure }
  }
}
