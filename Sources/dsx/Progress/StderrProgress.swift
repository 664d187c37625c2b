internal import DSXCore
internal import Glibc

/// Progress on stderr: a bar on a terminal, drawn at most ten times a second; else a line every 10 s.
///
/// Call `finish()` before anything else is written, so that the bar does not stay in the way.
final class StderrProgress: ProgressSink {
  private struct State {
    var phase = ""
    var began = 0.0
    var drawn = 0.0
    var isOnScreen = false
    var before = 0
  }
  private let state = Lock(State())
  private let isTerminal: Bool
  private let unicode: Bool
  private let color: Bool

  /// Progress for this process: `NO_COLOR`, `TERM` and the locale's character set are looked at once.
  init() {
    func variable(_ name: String) -> String { getenv(name).map { String(cString: $0) } ?? "" }
    isTerminal = isatty(STDERR_FILENO) == 1 && variable("TERM") != "dumb"
    let locale = [variable("LC_ALL"), variable("LC_CTYPE"), variable("LANG")].first { !$0.isEmpty }
    let name = (locale ?? "").lowercased()
    unicode = name.contains("utf-8") || name.contains("utf8")
    color = variable("NO_COLOR").isEmpty
  }

  func report(_ progress: Progress) {
    let now = Self.seconds()
    state.withLock { state in
      if state.phase != progress.phase {
        state.phase = progress.phase
        state.began = now
        state.before = 0
        state.drawn = isTerminal ? 0 : now
      }
      state.before += progress.skipped
      guard now - state.drawn >= (isTerminal ? 0.1 : 10) else { return }
      state.drawn = now
      let line = ProgressLine(
        progress: progress, seconds: now - state.began, before: state.before)
      if isTerminal {
        // Back to the first column, the line, and clear what an earlier, longer one left.
        let bar = line.bar(width: Self.width(), unicode: unicode, color: color)
        Self.write("\r" + bar + "\u{1b}[K")
        state.isOnScreen = true
      } else {
        Self.write("dsx: " + line.text + "\n")
      }
    }
  }

  /// Takes the bar off the screen.
  func finish() {
    state.withLock { state in
      if state.isOnScreen { Self.write("\r\u{1b}[K") }
      state.isOnScreen = false
      state.phase = ""
    }
  }

  private static func width() -> Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  private static func write(_ text: String) {
    Array(text.utf8).withUnsafeBytes { _ = Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }

  /// Seconds on a clock that never goes back.
  static func seconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
