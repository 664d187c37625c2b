public import Archives
public import DSXCore
internal import Glibc

/// One input file: its path, and what it was when the run was planned.
public struct InputFile: Hashable, Sendable {
  /// The path to open and to name in messages.
  public let path: String
  /// What it was when the run was planned: readers refuse a file that is no longer so.
  public let stamp: FileStamp

  /// Its size in bytes.
  public var size: Int { stamp.size }

  /// Looks at a file. Throws `io` when it is not there, not readable or no regular file.
  public init(path: String) throws(DSXError) {
    stamp = try FileStamp(path: path)
    guard access(path, R_OK) == 0 else {
      throw DSXError.system("cannot read the input", file: path)
    }
    self.path = path
  }

  /// A file as an earlier process saw it: readers compare it with what is there.
  public init(path: String, stamp: FileStamp) {
    self.path = path
    self.stamp = stamp
  }

  /// The last part of the path: all that manifests keep of it.
  public var name: String { FilePath.split(path).name }
}
