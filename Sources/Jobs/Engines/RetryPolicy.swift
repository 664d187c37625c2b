internal import DSXCore

/// Whether and when an attempt is made again.
///
/// An error of the system (exit code 6) and a death by a signal may be gone next time; wrong options, bad
/// input or nothing to do (2, 3, 4) never are. Incomplete (5) and an output in use (2) are tried again
/// only where another process is, or was during the attempt, at work there (`WorkView`).
public struct RetryPolicy: Hashable, Sendable {
  /// The most attempts after the first.
  public var retries: Int
  /// Seconds before the second attempt; each further pause is four times as long.
  public var firstPause = 5.0

  /// A policy.
  public init(retries: Int) { self.retries = max(0, retries) }

  /// Whether another attempt can help. `isBusy`: another process has, or had, what this one needed.
  public static func isRetryable(_ ending: ChildProcess.Ending, isBusy: Bool) -> Bool {
    switch ending {
    case .signalled: true
    case .exited(ExitCode.io.rawValue): true
    // Ended by a signal that this process did not get: somebody meant the child.
    case .exited(ExitCode.interrupted.rawValue), .exited(ExitCode.terminated.rawValue): true
    case .exited(ExitCode.incomplete.rawValue), .exited(ExitCode.usage.rawValue): isBusy
    default: false
    }
  }

  /// Seconds to wait after the attempt `attempt` (from 0) failed; nil when there is none after it.
  ///
  /// `spread`, 0 to 1, makes it up to a quarter longer, so that a thousand tasks that failed together do
  /// not come back together.
  public func pause(after attempt: Int, spread: Double) -> Double? {
    guard attempt < retries else { return nil }
    var pause = firstPause
    for _ in 0..<min(attempt, 6) { pause *= 4 }
    return min(pause, 900) * (1 + 0.25 * min(max(spread, 0), 1))
  }
}
