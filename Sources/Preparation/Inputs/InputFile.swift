public import DSXCore
internal import Glibc

/// One input file: its path and the size that it had when the run was planned.
public struct InputFile: Hashable, Sendable {
  /// The path to open and to name in messages.
  public let path: String
  /// Its size in bytes.
  public let size: Int

  /// Looks at a file. Throws `io` when it is not there, not readable or no regular file.
  public init(path: String) throws(DSXError) {
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw DSXError.system("cannot read the input", file: path)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw DSXError(
        .io, "the input is not a regular file", file: path,
        hint: "write the text to a file first: inputs are measured before they are read")
    }
    guard access(path, R_OK) == 0 else {
      throw DSXError.system("cannot read the input", file: path)
    }
    self.path = path
    size = Int(status.st_size)
  }

  /// A file as a plan holds it; it is looked at when it is opened.
  init(path: String, size: Int) {
    self.path = path
    self.size = size
  }

  /// The last part of the path: all that manifests keep of it.
  public var name: String { FilePath.split(path).name }
}
