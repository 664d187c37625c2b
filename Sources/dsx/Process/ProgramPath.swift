internal import Glibc

/// Where this program lies.
enum ProgramPath {
  /// Its absolute path, links followed; `dsx` when the system does not say.
  static var current: String {
    guard let real = realpath("/proc/self/exe", nil) else { return "dsx" }
    defer { free(real) }
    return String(cString: real)
  }
}
