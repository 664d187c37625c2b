internal import Glibc

/// A mapped file that became shorter, or whose disk failed, while it was read: the system then sends SIGBUS
/// to the thread that touched the page. Without a handler the process would die with no word of the file.
enum LostPages {
  /// The address that could not be read; written once, before the byte that says so.
  nonisolated(unsafe) private static let address = UnsafeMutablePointer<UInt>.allocate(capacity: 1)

  /// Installs a handler that stops the thread and leaves the rest to the thread of `Interrupts`.
  static func install() {
    address.initialize(to: 0)
    var action = sigaction()
    action.sa_flags = SA_SIGINFO
    action.__sigaction_handler.sa_sigaction = { (_, info, _) in
      LostPages.address.pointee = UInt(bitPattern: info?.pointee._sifields._sigfault.si_addr)
      var byte = UInt8(truncatingIfNeeded: SIGBUS)
      _ = write(Interrupts.pipeEnds.write, &byte, 1)
      while true { pause() }
    }
    sigaction(SIGBUS, &action, nil)
  }

  /// What is said of the file at that address; nil when there is none.
  static func message() -> String? {
    guard let file = file(at: address.pointee) else { return nil }
    return """
      dsx: error: a file could not be read any more while it was in use
        in \(file)
        because: it became shorter, or its disk failed
        hint: bring the file back, then run the same command again
      """
  }

  /// Ends the process as SIGBUS does without a handler.
  static func die() -> Never {
    signal(SIGBUS, SIG_DFL)
    kill(getpid(), SIGBUS)
    while true { pause() }
  }

  /// The file that is mapped at an address, by `/proc/self/maps`: `from-to flags offset device inode path`.
  private static func file(at address: UInt) -> String? {
    var bytes: [UInt8] = []
    let descriptor = open("/proc/self/maps", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      guard count > 0 else { break }
      bytes.append(contentsOf: buffer[..<count])
    }
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      let words = line.split(separator: UInt8(ascii: " "), maxSplits: 5)
      guard words.count == 6 else { continue }
      let ends = words[0].split(separator: UInt8(ascii: "-")).compactMap {
        UInt(String(decoding: $0, as: UTF8.self), radix: 16)
      }
      guard ends.count == 2, ends[0] <= address, address < ends[1] else { continue }
      let path = words[5].drop { $0 == UInt8(ascii: " ") }
      guard path.first == UInt8(ascii: "/") else { return nil }
      return String(decoding: path, as: UTF8.self)
    }
    return nil
  }
}
