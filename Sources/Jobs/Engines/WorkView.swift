internal import DSXCore
internal import Glibc

/// What a task finds around itself before and after an attempt: whether another one can help is seldom in
/// the exit code alone.
struct WorkView {
  /// Its own shards without a finished part; empty for the merging.
  var missing: [Int] = []
  /// Number of parts that must be there before it can begin, and are not.
  var awaited = 0
  /// Whether another process makes any of these.
  var isMade = false
  /// Whether another process has the lock of the work folder in its way.
  var isLocked: Bool

  /// As a task of a step sees it: parts of the steps before are awaited, who merges or plans is in the way.
  init(_ work: WorkFolder, _ step: WorkStep, _ shards: ClosedRange<Int>) throws(DSXError) {
    isLocked = FileLock.isHeld(FilePath.join(work.path, "lock"))
    for earlier in work.work.steps.prefix(while: { $0 != step }) {
      let missing = try look(work, earlier, 0..<earlier.shards)
      awaited += missing.count
    }
    missing = try look(work, step, shards.lowerBound..<shards.upperBound + 1)
  }

  /// As the merging sees it: all parts are awaited, and whoever makes one is in the way, too.
  init(merging work: WorkFolder) throws(DSXError) {
    isLocked = Self.isShared(FilePath.join(work.path, "lock"))
    for step in work.work.steps {
      let missing = try look(work, step, 0..<step.shards)
      awaited += missing.count
    }
  }

  /// The shards that are not finished.
  private mutating func look(_ work: WorkFolder, _ step: WorkStep, _ shards: Range<Int>)
    throws(DSXError) -> [Int]
  {
    var missing: [Int] = []
    for shard in shards {
      switch try work.state(step, shard) {
      case .done: continue
      case .running: isMade = true
      case .failed, .missing: break
      }
      missing.append(shard)
    }
    return missing
  }

  /// Whether another attempt may find what this one lacked; `before`: the view before the attempt.
  ///
  /// Incomplete: something is being made, came meanwhile, or is free now because whoever made it died. In
  /// use: somebody has, or had when the attempt began, the lock.
  func mayChange(_ ending: ChildProcess.Ending, since before: WorkView) -> Bool {
    switch ending {
    case .exited(ExitCode.incomplete.rawValue):
      isMade || isLocked || awaited < before.awaited || (awaited == 0 && !missing.isEmpty)
    case .exited(ExitCode.usage.rawValue): isLocked || before.isLocked
    default: false
    }
  }

  /// Whether any process has the lock on `path`, alone or shared. Changes nothing.
  private static func isShared(_ path: String) -> Bool {
    // For writing: a file system over the network gives a lock for oneself to writers only.
    let opened = open(path, O_RDWR | O_CLOEXEC)
    guard opened >= 0 else { return false }
    defer { close(opened) }
    return flock(opened, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK
  }
}
