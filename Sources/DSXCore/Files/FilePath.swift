internal import Glibc

/// Plain paths: split, join, look, make, flush, remove. All errors are `io` errors that name the path.
public enum FilePath {
  /// The folder (`.` when there is none) and the last part.
  public static func split(_ path: String) -> (folder: String, name: String) {
    var bytes = Array(path.utf8)
    while bytes.count > 1, bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
    guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else {
      return (".", String(decoding: bytes, as: UTF8.self))
    }
    let folder = slash == 0 ? "/" : String(decoding: bytes[..<slash], as: UTF8.self)
    return (folder, String(decoding: bytes[(slash + 1)...], as: UTF8.self))
  }

  /// `folder/name`; an absolute `name` stays as it is, an empty one is the folder itself.
  public static func join(_ folder: String, _ name: String) -> String {
    if name.isEmpty { return folder }
    if name.utf8.first == UInt8(ascii: "/") || folder == "." { return name }
    return folder.utf8.last == UInt8(ascii: "/") ? folder + name : folder + "/" + name
  }

  /// Whether something exists there.
  public static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Whether it is a folder (links followed).
  public static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// The size in bytes of a file, or nil when there is none.
  public static func size(_ path: String) -> Int? {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : nil
  }

  /// The names in a folder, sorted by their UTF-8 bytes, without `.` and `..`.
  public static func list(_ folder: String) throws(DSXError) -> [String] {
    guard let handle = opendir(folder) else {
      throw DSXError.system("cannot list the folder", file: folder)
    }
    defer { closedir(handle) }
    var names: [String] = []
    while let entry = readdir(handle) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Makes a folder and the folders above it; fine when it is there.
  public static func makeFolder(_ path: String) throws(DSXError) {
    guard !isFolder(path) else { return }
    let parent = split(path).folder
    if parent != path, parent != "." { try makeFolder(parent) }
    guard mkdir(path, 0o777) == 0 || errno == EEXIST else {
      throw DSXError.system("cannot make the folder", file: path)
    }
  }

  /// Removes a file or a folder with all in it; fine when it is not there. Does not follow links.
  public static func removeTree(_ path: String) throws(DSXError) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    if status.st_mode & S_IFMT == S_IFDIR {
      for name in try list(path) { try removeTree(join(path, name)) }
      guard rmdir(path) == 0 else { throw DSXError.system("cannot remove", file: path) }
    } else {
      guard unlink(path) == 0 else { throw DSXError.system("cannot remove", file: path) }
    }
  }

  /// Forces a file's or folder's content to disk.
  public static func flush(_ path: String) throws(DSXError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw DSXError.system("cannot open", file: path) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw DSXError.system("cannot flush to disk", file: path) }
  }

  /// Writes a whole new file (not atomic: see AtomicFolder).
  public static func write(_ bytes: [UInt8], to path: String) throws(DSXError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw DSXError.system("cannot create the file", file: path) }
    defer { close(descriptor) }
    var failed = false
    var done = 0
    bytes.withUnsafeBytes { buffer in
      while done < buffer.count, let base = buffer.baseAddress {
        let count = Glibc.write(descriptor, base + done, buffer.count - done)
        if count < 0 && errno == EINTR { continue }
        if count <= 0 {
          failed = true
          return
        }
        done += count
      }
    }
    if failed {
      throw DSXError.system("cannot write the file", file: path, needs: bytes.count - done)
    }
  }
}
