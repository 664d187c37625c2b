public import DSXCore
internal import Glibc

/// A program that this process has started, in a session of this one: it is reaped once, and ended with it.
public final class ChildProcess: @unchecked Sendable {
  /// How a program ended.
  public enum Ending: Hashable, Sendable {
    /// By itself, with an exit code.
    case exited(Int32)
    /// By a signal.
    case signalled(Int32)

    /// Whether it ended with 0.
    public var isSuccess: Bool { self == .exited(0) }

    /// `exit code 3`, `signal 9`.
    public var description: String {
      switch self {
      case .exited(let code): "exit code \(code)"
      case .signalled(let number): "signal \(number)"
      }
    }
  }

  /// Where one of its streams leads.
  public enum Stream: Sendable {
    /// To where this process's leads.
    case inherited
    /// Nowhere.
    case null
    /// To an open file of this process.
    case descriptor(Int32)
    /// To the end of a file, which is made when it is not there.
    case append(String)
  }

  /// Its number.
  public let pid: Int32
  private var ending: Ending?

  /// Starts a program; `words` are its name (looked for in PATH, unless it is a path) and arguments.
  ///
  /// `folder`: where it starts, as an absolute path. `removing`: variables that it does not get. Signals are as at the start of a process again.
  /// Throws `usage` when there is no such program, `io` when it cannot be started.
  public init(
    _ words: [String], input: Stream = .null, output: Stream = .inherited,
    errors: Stream = .inherited, folder: String? = nil, removing: Set<String> = []
  ) throws(DSXError) {
    let name = words.first ?? ""
    guard var program = Self.find(name) else {
      throw DSXError(.usage, "there is no program '\(name)'", hint: "it is not in PATH")
    }
    var words = words
    if let folder {
      // A shell goes there: this process must stay where it is.
      program = "/bin/sh"
      words = [program, "-c", "cd \"$1\" && shift && exec \"$@\"", "sh", folder] + words
    }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (stream, number) in [(input, STDIN_FILENO), (output, STDOUT_FILENO)] {
      Self.add(stream, number, &actions)
    }
    Self.add(errors, STDERR_FILENO, &actions)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // What this process ignores or handles, the child does not know of.
    var usual = sigset_t()
    sigemptyset(&usual)
    for number in [SIGINT, SIGTERM, SIGPIPE, SIGXFSZ] { sigaddset(&usual, number) }
    posix_spawnattr_setsigdefault(&attributes, &usual)
    // Nor does it block what the thread that starts it blocks.
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    let arguments: [UnsafeMutablePointer<CChar>?] = words.map { (word: String) in strdup(word) }
    let variables: [UnsafeMutablePointer<CChar>?] = Self.environment(without: removing).map {
      (word: String) in strdup(word)
    }
    defer { for word in arguments + variables { free(word) } }
    var started = pid_t()
    // Under the lock, so that a signal that ends all children misses none.
    let status = ChildProcesses.state.withLock { state -> Int32 in
      guard !state.isEnding else { return ECANCELED }
      let status = posix_spawn(
        &started, program, &actions, &attributes, arguments + [nil], variables + [nil])
      if status == 0 { state.running.insert(started) }
      return status
    }
    guard status == 0 else {
      throw DSXError(
        .io, "cannot start the program", file: program,
        underlying: String(cString: strerror(status))
      )
    }
    pid = started
  }

  /// How it ended, or nil while it runs.
  public func poll() -> Ending? {
    if let ending { return ending }
    ending = ChildProcesses.reap(pid)
    return ending
  }

  /// Waits for its end.
  public func wait() -> Ending {
    var pause: UInt32 = 1000
    while true {
      if let ending = poll() { return ending }
      usleep(pause)
      pause = min(pause * 2, 50_000)
    }
  }

  /// Sends it a signal, unless it has been reaped.
  public func send(_ signal: Int32) { ChildProcesses.send(signal, to: pid) }

  /// The path of a program: `name` itself when it is a path, else the first of PATH; nil when there is
  /// none that may be run.
  public static func find(_ name: String) -> String? {
    guard !name.isEmpty else { return nil }
    if name.utf8.contains(UInt8(ascii: "/")) { return isProgram(name) ? name : nil }
    let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
    for folder in path.utf8.split(separator: UInt8(ascii: ":")) {
      let candidate = FilePath.join(String(decoding: folder, as: UTF8.self), name)
      if isProgram(candidate) { return candidate }
    }
    return nil
  }

  private static func isProgram(_ path: String) -> Bool {
    access(path, X_OK) == 0 && !FilePath.isFolder(path)
  }

  private static func add(
    _ stream: Stream, _ number: Int32, _ actions: inout posix_spawn_file_actions_t
  ) {
    switch stream {
    case .inherited: break
    case .null: posix_spawn_file_actions_addopen(&actions, number, "/dev/null", O_RDWR, 0)
    case .descriptor(let descriptor):
      posix_spawn_file_actions_adddup2(&actions, descriptor, number)
    case .append(let path):
      posix_spawn_file_actions_addopen(
        &actions, number, path, O_WRONLY | O_CREAT | O_APPEND, 0o666)
    }
  }

  /// `NAME=VALUE` of every variable but some.
  private static func environment(without names: Set<String>) -> [String] {
    var variables: [String] = []
    var next = environ
    while let variable = next.pointee {
      let text = String(cString: variable)
      let name = String(decoding: text.utf8.prefix { $0 != UInt8(ascii: "=") }, as: UTF8.self)
      if !names.contains(name) { variables.append(text) }
      next += 1
    }
    return variables
  }
}
