public import DSXCore
internal import Glibc

/// What tells that a file is still the same file with the same content, without reading it: device,
/// number, size and time of the last change.
///
/// Never part of plans or manifests: it holds a time and names a place on one machine.
public struct FileStamp: Hashable, Sendable {
  /// The device that it lies on.
  public let device: UInt64
  /// Its number there.
  public let inode: UInt64
  /// Its size in bytes.
  public let size: Int
  /// When its content changed last: nanoseconds since 1970.
  public let modified: Int64

  /// The stamp of the regular file at `path`. Throws `missingFile` when it is not there, `io` when
  /// it is none.
  public init(path: String) throws(DSXError) {
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw DSXError.opening(path, "cannot read the input")
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw DSXError(
        .io, "the input is not a regular file", file: path,
        hint: "write the text to a file first: inputs are measured before they are read")
    }
    self.init(status)
  }

  /// The stamp of an open file.
  init(_ status: stat) {
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
    size = Int(status.st_size)
    modified = Int64(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(status.st_mtim.tv_nsec)
  }

  /// The four numbers as text, to hand from one process to another: `device:inode:size:modified`.
  public var text: String { "\(device):\(inode):\(size):\(modified)" }

  /// A stamp from its text; nil for any other text.
  public init?(text: String) {
    let parts = text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
    guard parts.count == 4, let device = UInt64(parts[0]), let inode = UInt64(parts[1]),
      let size = Int(parts[2]), size >= 0, let modified = Int64(parts[3])
    else { return nil }
    (self.device, self.inode, self.size, self.modified) = (device, inode, size, modified)
  }
}
