internal import DSXCore
internal import Glibc

/// The programs that this process has started and not reaped yet, so that a signal that ends this process
/// ends them first.
public enum ChildProcesses {
  struct State {
    var running: Set<Int32> = []
    var isEnding = false
  }
  static let state = Lock(State())

  /// Ends all children: SIGTERM, and SIGKILL for those that are there `seconds` later. No other can be
  /// started from then on, and threads that wait for one wait for ever: the caller ends the process.
  public static func endAll(within seconds: Double) {
    state.withLock { state in
      state.isEnding = true
      for pid in state.running { kill(pid, SIGTERM) }
    }
    for round in 0..<max(1, Int(seconds * 50)) {
      if round > 0 { usleep(20_000) }
      if state.withLock({ reapAll(&$0) }) { return }
    }
    state.withLock { state in for pid in state.running { kill(pid, SIGKILL) } }
    for _ in 0..<100 {
      if state.withLock({ reapAll(&$0) }) { return }
      usleep(20_000)
    }
  }

  /// Reaps what has ended; whether none is left.
  private static func reapAll(_ state: inout State) -> Bool {
    for pid in state.running {
      var result: Int32 = 0
      if waitpid(pid, &result, WNOHANG) != 0 { state.running.remove(pid) }
    }
    return state.running.isEmpty
  }

  /// How a child ended; nil while it runs. Once it has been reaped its number may be another process's:
  /// both happen under the lock.
  static func reap(_ pid: Int32) -> ChildProcess.Ending? {
    enum Answer {
      case running, gone
      case ended(ChildProcess.Ending)
    }
    let answer = state.withLock { state -> Answer in
      guard !state.isEnding, state.running.contains(pid) else { return .gone }
      var result: Int32 = 0
      let found = waitpid(pid, &result, WNOHANG)
      guard found != 0 else { return .running }
      state.running.remove(pid)
      // Somebody else reaped it: how it ended is not known, so it did not end well.
      guard found == pid else { return .ended(.exited(1)) }
      return .ended(
        result & 0x7f == 0 ? .exited((result >> 8) & 0xff) : .signalled(result & 0x7f))
    }
    switch answer {
    case .running: return nil
    case .ended(let ending): return ending
    case .gone:
      // The process ends, in another thread.
      while true { pause() }
    }
  }

  static func send(_ signal: Int32, to pid: Int32) {
    state.withLock { state in if state.running.contains(pid) { kill(pid, signal) } }
  }
}
