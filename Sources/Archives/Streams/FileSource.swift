public import DSXCore
internal import Glibc

/// An open file, read from front to back and at any place.
///
/// It must keep the stamp that it had when the run was planned: a file that grew, shrank, was written
/// to, replaced or removed meanwhile is an `io` error, at opening or at the end of reading. Rows of a
/// file that changes would belong to no known content. Uses `pread`, not a mapping: a file that
/// shrinks under a mapping ends the process.
public final class FileSource: ByteSource {
  /// Its path.
  public let name: String
  /// Its size in bytes.
  public let size: Int
  private let descriptor: Int32
  private let stamp: FileStamp
  /// The next byte that `read` takes.
  public private(set) var position = 0
  /// Bytes read so far.
  public var consumed: Int { position }

  /// Opens a file; `expected` and `size` are what the plan knows of it, nil takes it as it is now.
  public init(path: String, expected: FileStamp? = nil, size planned: Int? = nil) throws(DSXError) {
    name = path
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT, expected != nil || planned != nil { throw DSXError.gone(path) }
      throw DSXError.opening(path, "cannot open the input")
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      close(descriptor)
      throw DSXError.system("cannot read the input", file: path)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw DSXError(.io, "the input is not a regular file", file: path)
    }
    stamp = FileStamp(status)
    size = stamp.size
    guard expected == nil || expected == stamp, planned == nil || planned == size else {
      close(descriptor)
      throw Self.changed(path)
    }
  }

  deinit { close(descriptor) }

  /// Goes to a byte of the file.
  public func seek(to byte: Int) { position = min(max(0, byte), size) }

  /// Fills up to `buffer.count` bytes from `position` on; returns how many, 0 at the end.
  public func read(into buffer: UnsafeMutableRawBufferPointer) throws(DSXError) -> Int {
    let got = try read(at: position, into: buffer)
    position += got
    if got == 0 {
      try checkEnd()
      try checkUnchanged()
    }
    return got
  }

  /// Fills up to `buffer.count` bytes from byte `place` on; returns how many: fewer only at the end.
  public func read(at place: Int, into buffer: UnsafeMutableRawBufferPointer) throws(DSXError)
    -> Int
  {
    guard let base = buffer.baseAddress, place >= 0, place < size else { return 0 }
    let wanted = min(buffer.count, size - place)
    var done = 0
    while done < wanted {
      let got = pread(descriptor, base + done, wanted - done, off_t(place + done))
      if got < 0 && errno == EINTR { continue }
      guard got >= 0 else { throw DSXError.system("cannot read the input", file: name) }
      guard got > 0 else { throw Self.changed(name, byte: place + done) }
      done += got
    }
    return done
  }

  /// `count` bytes from byte `place` on. Throws `corrupt` when the file ends before.
  public func bytes(at place: Int, count: Int) throws(DSXError) -> [UInt8] {
    guard place >= 0, count >= 0, place <= size, count <= size - place else {
      throw DSXError(
        .corrupt, "the file ends too early: \(count) bytes are missing", file: name,
        byte: place)
    }
    var result: Result<Int, DSXError> = .success(0)
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, used in
      do throws(DSXError) {
        used = try read(at: place, into: UnsafeMutableRawBufferPointer(buffer))
        result = .success(used)
      } catch { result = .failure(error) }
    }
    _ = try result.get()
    return bytes
  }

  /// Throws `io` when there is something after the last byte, or reading there fails: files of /proc
  /// claim to be empty and are not.
  private func checkEnd() throws(DSXError) {
    var byte: UInt8 = 0
    var got = 0
    repeat { got = pread(descriptor, &byte, 1, off_t(size)) } while got < 0 && errno == EINTR
    guard got >= 0 else { throw DSXError.system("cannot read the input", file: name) }
    guard got == 0 else { throw Self.changed(name, byte: size) }
  }

  /// Throws `io` when the open file no longer has its stamp.
  public func checkUnchanged() throws(DSXError) {
    var status = stat()
    guard fstat(descriptor, &status) == 0, FileStamp(status) == stamp else {
      throw Self.changed(name)
    }
  }

  private static func changed(_ path: String, byte: Int? = nil) -> DSXError {
    DSXError(
      .io, "the input changed after the run was planned", file: path, byte: byte,
      hint: "run again when nothing writes to it any more")
  }
}
