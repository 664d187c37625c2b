public import Archives
public import DSXCore
internal import Glibc

/// One input file: its path, and what it was when the run was planned.
public struct InputFile: Hashable, Sendable {
  /// The path to open and to name in messages.
  public let path: String
  /// Its size in bytes.
  public let size: Int
  /// What it was when the run was planned: readers refuse a file that is no longer so. nil when only
  /// its size is known, as another machine's plan states it.
  public let stamp: FileStamp?

  /// Looks at a file. Throws `missingFile` when it is not there, `io` when it is not readable or no
  /// regular file.
  public init(path: String) throws(DSXError) {
    let stamp = try FileStamp(path: path)
    guard access(path, R_OK) == 0 else {
      throw DSXError.system("cannot read the input", file: path)
    }
    self.path = path
    self.stamp = stamp
    size = stamp.size
  }

  /// A file as an earlier process saw it: readers compare it with what is there.
  public init(path: String, stamp: FileStamp) {
    self.path = path
    self.stamp = stamp
    size = stamp.size
  }

  /// A file as a plan holds it; it is looked at when it is opened.
  public init(path: String, size: Int) {
    self.path = path
    self.size = size
    stamp = nil
  }

  /// Opens it. Throws `io` when it is gone, or not what it was when the run was planned.
  func open() throws(DSXError) -> FileSource {
    try FileSource(path: path, expected: stamp, size: size)
  }

  /// The last part of the path: all that manifests keep of it.
  public var name: String { FilePath.split(path).name }
}
