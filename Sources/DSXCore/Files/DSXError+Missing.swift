internal import Glibc

extension DSXError {
  /// An error for a file or folder that is not there: `missingFile`, with the name in the same folder that was
  /// probably meant, where that has not too many files.
  public static func missing(
    _ path: String, _ message: String = "there is no such file", hint: String? = nil
  ) -> DSXError {
    var status = stat()
    if lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK {
      return DSXError(
        .missingFile, "it is a link to something that is not there", file: path, hint: hint)
    }
    let (folder, name) = FilePath.split(path)
    let near = NearestName.find(name, in: someNames(folder)).map {
      "did you mean '\(FilePath.join(folder, $0))'?"
    }
    return DSXError(.missingFile, message, file: path, hint: near ?? hint)
  }

  /// An error for an input that was there when the run was planned: `io`, and so worth trying again.
  public static func gone(_ path: String) -> DSXError {
    DSXError(
      .io, "the input is gone", file: path,
      hint: "it was there when the run was planned; put it back and run again")
  }

  /// What `open` or `stat` failed with, by `errno`: `missingFile` or `io`. Call it directly after them.
  public static func opening(_ path: String, _ message: String = "cannot open the file")
    -> DSXError
  {
    errno == ENOENT || errno == ENOTDIR ? missing(path) : system(message, file: path)
  }

  /// The names in a folder, as long as they are few: this is for messages.
  private static func someNames(_ folder: String) -> [String] {
    guard let handle = opendir(folder) else { return [] }
    defer { closedir(handle) }
    var names: [String] = []
    while let entry = readdir(handle), names.count <= 1000 {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.count > 1000 ? [] : names
  }
}
