internal import Glibc

/// Where this program lies.
enum ProgramPath {
  /// Its absolute path, links followed; `dsx` when the system does not say.
  static var current: String {
    guard let real = realpath("/proc/self/exe", nil) else { return "dsx" }
    defer { free(real) }
    return String(cString: real)
  }

  /// A path that holds in every folder, links not followed; a name without a slash stays one.
  static func absolute(_ path: String) -> String {
    guard path.utf8.contains(UInt8(ascii: "/")), path.utf8.first != UInt8(ascii: "/"),
      let folder = getcwd(nil, 0)
    else { return path }
    defer { free(folder) }
    return String(cString: folder) + "/" + path
  }
}
