internal import DSXCore
internal import Glibc
internal import Jobs

/// Ends the process cleanly on SIGINT and SIGTERM, and when a file in use cannot be read any more:
/// unfinished temporary folders are removed first.
enum Interrupts {
  /// The pipe between the signal handlers and the thread that cleans up: read end, write end.
  static let pipeEnds: (read: Int32, write: Int32) = {
    var ends: [Int32] = [-1, -1]
    _ = pipe(&ends)
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }()

  /// Installs handlers that only write one byte to a pipe (files must not be touched in a handler),
  /// and a thread that waits for that byte. Masks would not do: OpenBLAS starts threads before `main`.
  static func install() {
    guard pipeEnds.read >= 0 else { return }
    var thread = pthread_t()
    let status = pthread_create(
      &thread, nil,
      { _ in
        var number: UInt8 = 0
        while read(Interrupts.pipeEnds.read, &number, 1) != 1 {}
        Interrupts.end(Int32(number))
      }, nil)
    guard status == 0 else { return }
    pthread_detach(thread)
    // A file-size limit then comes as an error of write(2), with the path, not as a silent death.
    signal(SIGXFSZ, SIG_IGN)
    // So does a reader of stdout that went away; `Output` then ends the process.
    signal(SIGPIPE, SIG_IGN)
    for number in [SIGINT, SIGTERM] {
      signal(number) { received in
        var byte = UInt8(truncatingIfNeeded: received)
        _ = write(Interrupts.pipeEnds.write, &byte, 1)
      }
    }
    LostPages.install()
  }

  /// Cleans up, says why, and ends the process.
  private static func end(_ number: Int32) -> Never {
    let lost = number == SIGBUS ? LostPages.message() : nil
    if number == SIGBUS, lost == nil { LostPages.die() }
    // What this process has started ends first, and tidies up by itself.
    ChildProcesses.endAll(within: 10)
    AtomicFolder.discardAll()
    let kept = OpenClaims.discardAll()
    let growing = OpenClaims.growing
    var message =
      lost ?? "\ndsx: stopped by a signal"
      + (growing.isEmpty ? "; nothing half-written was left" : "")
    for folder in growing {
      message += "\n  the results so far are kept in \(folder)"
      message += "\n  hint: the same command goes on from there"
    }
    for folder in kept {
      message += "\n  the finished parts are kept in \(folder)"
      message += "\n  hint: the same command goes on from there"
    }
    Output.message(message)
    _exit(lost == nil ? 128 + number : DSXCore.ExitCode.io.rawValue)
  }

  /// Ends this process as SIGTERM does when the other end of stdin is closed.
  static func endWithStdin() {
    var thread = pthread_t()
    let status = pthread_create(
      &thread, nil,
      { _ in
        var byte: UInt8 = 0
        while true {
          let count = read(STDIN_FILENO, &byte, 1)
          if count == 0 || count < 0 && errno != EINTR { break }
        }
        var number = UInt8(SIGTERM)
        _ = write(Interrupts.pipeEnds.write, &number, 1)
        return nil
      }, nil)
    if status == 0 { pthread_detach(thread) }
  }
}
