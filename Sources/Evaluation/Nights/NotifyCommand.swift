internal import DSXCore
internal import Glibc

/// What a notify command is told: JSON on its stdin.
enum NotifyMessage {
  static func json(_ report: NightReport, run: String, folder: String) -> JSONValue {
    var members = ReportMembers()
    members.add("run", run)
    members.add("recipe", value: report.recipe["name"])
    members.add("folder", folder)
    members.add("verdict", report.verdict)
    members.add("gates", report.gates)
    members.add(
      "cells",
      value: .array(
        report.cells.map { cell in
          ["cell": .string(cell.cell), "status": .string(cell.status.rawValue)]
        }))
    return members.json
  }
}

/// Runs a command of the user's with a message on its stdin; the program itself uses no network.
enum NotifyCommand {
  /// Longer than that a command may not take, in seconds.
  static let patience = 60

  /// Runs `/bin/sh -c command`. Returns what went wrong, nil when it ended with 0.
  static func run(_ command: String, _ message: JSONValue) -> String? {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return "the notify command could not be started" }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO)
    // Results are ours alone on stdout.
    posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO)
    defer { posix_spawn_file_actions_destroy(&actions) }
    var child = pid_t()
    let line: [String] = ["/bin/sh", "-c", command]
    let words: [UnsafeMutablePointer<CChar>?] = line.map { (word: String) in strdup(word) }
    defer { for word in words { free(word) } }
    let status = posix_spawn(&child, "/bin/sh", &actions, nil, words + [nil], environ)
    close(ends[0])
    guard status == 0 else {
      close(ends[1])
      return "the notify command could not be started: " + String(cString: strerror(status))
    }
    // A command that does not read its stdin must not end us; big messages must not wait for it.
    _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
    let bytes = Array((message.text(.indented) + "\n").utf8)
    var done = 0
    var result: Int32 = 0
    let old = signal(SIGPIPE, SIG_IGN)
    defer { signal(SIGPIPE, old) }
    for _ in 0..<(patience * 50) {
      if done < bytes.count {
        let count = bytes.withUnsafeBytes { buffer -> Int in
          guard let base = buffer.baseAddress else { return -1 }
          return write(ends[1], base + done, bytes.count - done)
        }
        if count > 0 { done += count }
        if count < 0, errno == EPIPE { done = bytes.count }
      }
      if done == bytes.count, ends[1] >= 0 {
        close(ends[1])
        ends[1] = -1
      }
      let ended = waitpid(child, &result, WNOHANG)
      if ended == child {
        if ends[1] >= 0 { close(ends[1]) }
        let code = (result >> 8) & 0xff
        if result & 0x7f == 0, code == 0 { return nil }
        return result & 0x7f == 0
          ? "the notify command ended with exit code \(code)"
          : "the notify command was ended by signal \(result & 0x7f)"
      }
      usleep(20_000)
    }
    if ends[1] >= 0 { close(ends[1]) }
    kill(child, SIGKILL)
    _ = waitpid(child, &result, 0)
    return "the notify command took longer than \(patience) s and was ended"
  }
}
