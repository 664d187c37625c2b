internal import Glibc

/// Runs a small program and takes what it prints; one that hangs is ended.
enum ChildOutput {
  /// The most bytes that are kept.
  private static let limit = 1 << 20

  /// The exit code (nil: it could not be started, or took too long) and what it printed.
  static func run(_ line: [String], seconds: Double = 5) -> (code: Int32?, text: String) {
    var ends: [Int32] = [-1, -1]
    guard let program = line.first, pipe(&ends) == 0 else { return (nil, "") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO)
    let words: [UnsafeMutablePointer<CChar>?] = line.map { (word: String) in strdup(word) }
    defer { for word in words { free(word) } }
    var child = pid_t()
    let status = posix_spawn(&child, program, &actions, nil, words + [nil], environ)
    close(ends[1])
    defer { close(ends[0]) }
    guard status == 0 else { return (nil, String(cString: strerror(status))) }
    _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 14)
    let deadline = StderrProgress.seconds() + seconds
    var result: Int32 = 0
    var isOpen = true
    while StderrProgress.seconds() < deadline {
      if isOpen {
        var query = pollfd(fd: ends[0], events: Int16(POLLIN), revents: 0)
        _ = poll(&query, 1, 50)
        let count = block.withUnsafeMutableBytes { buffer in
          read(ends[0], buffer.baseAddress, buffer.count)
        }
        if count > 0, bytes.count < limit { bytes.append(contentsOf: block[..<count]) }
        if count > 0 { continue }
        isOpen = count < 0 && (errno == EAGAIN || errno == EINTR)
      } else {
        usleep(10_000)
      }
      if waitpid(child, &result, isOpen ? WNOHANG : 0) == child {
        let text = String(decoding: bytes, as: UTF8.self)
        return (result & 0x7f == 0 ? (result >> 8) & 0xff : nil, text)
      }
    }
    kill(child, SIGKILL)
    _ = waitpid(child, &result, 0)
    return (nil, "no answer within \(Int(seconds)) s")
  }
}
