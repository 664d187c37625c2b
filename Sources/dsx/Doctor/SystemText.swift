internal import Glibc

/// The system's small text files, which have no length and cannot be mapped.
enum SystemText {
  /// At most 1 MiB of a file; nil when it cannot be read.
  static func read(_ path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 14)
    while bytes.count < 1 << 20 {
      let count = block.withUnsafeMutableBytes { buffer in
        Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      bytes.append(contentsOf: block[..<count])
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The lines of a text.
  static func lines(_ text: String) -> [String] {
    text.utf8.split(separator: 0x0a).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The words of a line, split at blanks and tabs.
  static func words(_ line: String) -> [String] {
    line.utf8.split { $0 == 0x20 || $0 == 0x09 }.map { String(decoding: $0, as: UTF8.self) }
  }

  /// What stands behind `name` and a colon in the first such line.
  static func value(_ name: String, in text: String) -> String? {
    for line in lines(text) where line.hasPrefix(name) {
      let rest = line.utf8.dropFirst(name.utf8.count).drop { $0 == 0x20 || $0 == 0x09 }
      guard rest.first == UInt8(ascii: ":") else { continue }
      return String(
        decoding: rest.dropFirst().drop { $0 == 0x20 || $0 == 0x09 }, as: UTF8.self)
    }
    return nil
  }

  /// A variable of the environment, also when it is empty; nil when it is not set.
  static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

  /// The path of a program, as a shell would find it; nil when there is none.
  static func program(_ name: String) -> String? {
    for folder in (variable("PATH") ?? "/usr/bin:/bin").utf8.split(separator: UInt8(ascii: ":")) {
      let path = String(decoding: folder, as: UTF8.self) + "/" + name
      if access(path, X_OK) == 0 { return path }
    }
    return nil
  }
}
