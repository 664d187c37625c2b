internal import DSXCore
internal import Glibc

/// The counters of one stage of one run; any thread may add.
final class StageMeter: Sendable {
  private let counters = Lock(StageCounters())

  var value: StageCounters { counters.withLock { $0 } }

  func came(_ rows: Int) {
    counters.withLock {
      $0.batchesIn += 1
      $0.rowsIn += rows
    }
  }

  func went(_ rows: Int) {
    counters.withLock {
      $0.batchesOut += 1
      $0.rowsOut += rows
    }
  }

  func dropped(_ rows: Int, _ reason: String) {
    guard rows > 0 else { return }
    counters.withLock { $0.dropped[reason, default: 0] += rows }
  }

  /// A moment of this thread.
  struct Moment {
    fileprivate let cpu: Double
    fileprivate let wall: Double

    static var now: Moment {
      Moment(cpu: seconds(CLOCK_THREAD_CPUTIME_ID), wall: seconds(CLOCK_MONOTONIC))
    }

    private static func seconds(_ clock: clockid_t) -> Double {
      var time = timespec()
      clock_gettime(clock, &time)
      return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
  }

  /// Adds the time since `start`, taken on the same thread.
  func worked(since start: Moment) {
    let end = Moment.now
    counters.withLock {
      $0.cpuSeconds += end.cpu - start.cpu
      $0.wallSeconds += end.wall - start.wall
    }
  }
}
