internal import Glibc

/// A whole file mapped read-only into memory.
///
/// The bytes stay valid while this object lives; Swift may end a local variable's life at its last
/// mention, so code that does not hold the object in a longer-lived value uses `withBytes`.
/// Shared freely between threads.
public final class MappedFile: @unchecked Sendable {
  /// The path it was opened with.
  public let path: String
  /// The file's bytes; empty for an empty file.
  public let bytes: UnsafeRawBufferPointer

  /// Maps `path`.
  ///
  /// Throws `missingFile` when it is not there (exit code 3), `io` when it cannot be read (exit code 6).
  public init(path: String) throws(DSXError) {
    self.path = path
    // Without O_NONBLOCK a named pipe that nobody writes to would block for ever.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw DSXError.opening(path) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw DSXError.system("cannot read the file's size", file: path)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw DSXError(.io, "not a regular file", file: path)
    }
    let count = Int(status.st_size)
    guard count > 0 else {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    guard let base = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), base != MAP_FAILED
    else {
      throw DSXError.system("cannot map the file", file: path)
    }
    bytes = UnsafeRawBufferPointer(start: base, count: count)
  }

  deinit {
    if let base = bytes.baseAddress {
      munmap(UnsafeMutableRawPointer(mutating: base), bytes.count)
    }
  }

  /// Runs `body` with the bytes, and keeps the mapping alive until it returns.
  public func withBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime(self) {} }
    return try body(bytes)
  }

  /// Tells the system that the bytes will be read from front to back.
  public func adviseSequential() {
    if let base = bytes.baseAddress {
      madvise(UnsafeMutableRawPointer(mutating: base), bytes.count, MADV_SEQUENTIAL)
    }
  }
}
