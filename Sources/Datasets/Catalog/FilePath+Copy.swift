internal import DSXCore
internal import Glibc

extension FilePath {
  /// The absolute path, links resolved where the file exists.
  static func absolute(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else {
      guard !path.hasPrefix("/") else { return path }
      guard let folder = getcwd(nil, 0) else { return path }
      defer { free(folder) }
      return join(String(cString: folder), path)
    }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// Copies a file's bytes.
  static func copy(_ source: String, to target: String) throws(DSXError) {
    let input = open(source, O_RDONLY | O_CLOEXEC)
    guard input >= 0 else { throw DSXError.system("cannot open the file", file: source) }
    defer { close(input) }
    let output = open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard output >= 0 else { throw DSXError.system("cannot create the file", file: target) }
    defer { close(output) }
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let got = buffer.withUnsafeMutableBytes { Glibc.read(input, $0.baseAddress, $0.count) }
      if got < 0 && errno == EINTR { continue }
      guard got >= 0 else { throw DSXError.system("cannot read the file", file: source) }
      guard got > 0 else { break }
      var done = 0
      while done < got {
        let put = buffer.withUnsafeBytes { bytes in
          Glibc.write(output, bytes.baseAddress.map { $0 + done }, got - done)
        }
        if put < 0 && errno == EINTR { continue }
        guard put > 0 else {
          throw DSXError.system("cannot write the file", file: target, needs: got - done)
        }
        done += put
      }
    }
    guard fsync(output) == 0 else {
      throw DSXError.system("cannot flush to disk", file: target)
    }
  }
}
