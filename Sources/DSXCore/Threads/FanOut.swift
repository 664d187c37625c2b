internal import Glibc

/// Spreads numbered pieces of work over threads that live for one call.
///
/// For rooms below Pipelines whose pieces are milliseconds long: every piece is taken once, in
/// rising order, by whichever thread is free, so results must not depend on who did what.
public enum FanOut {
  /// Hands out the numbers `0..<count`.
  public struct Source: Sendable {
    private let next: Lock<Int>
    private let count: Int

    init(count: Int) {
      self.count = count
      next = Lock(0)
    }

    /// The next number, or nil when all are taken.
    public func take() -> Int? {
      next.withLock { (number: inout Int) -> Int? in
        guard number < count else { return nil }
        defer { number += 1 }
        return number
      }
    }
  }

  /// Runs `work` once on each of up to `workers` threads (one of them the calling one) and waits for
  /// all. Never starts more threads than pieces; where the system refuses a thread the others do its
  /// share.
  public static func run(count: Int, workers: Int, _ work: @Sendable (Source) -> Void) {
    let source = Source(count: count)
    withoutActuallyEscaping(work) { work in
      var threads: [pthread_t] = []
      for _ in 1..<max(1, min(workers, count)) {
        var thread = pthread_t()
        let body = Unmanaged.passRetained(Body { work(source) })
        let status = pthread_create(
          &thread, nil,
          { pointer in
            guard let pointer else { return nil }
            Unmanaged<Body>.fromOpaque(pointer).takeRetainedValue().run()
            return nil
          }, body.toOpaque())
        if status == 0 { threads.append(thread) } else { body.release() }
      }
      work(source)
      for thread in threads { pthread_join(thread, nil) }
    }
  }

  private final class Body {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }
}
