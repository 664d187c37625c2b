internal import DSXCore
internal import Glibc

/// Scratch space that callers on any thread take, use alone and give back, so that a metric can be
/// a value and still reuse its memory.
///
/// A thread gets back what it had before, where that is free: tables that two cores hand to each other
/// cost more than the work on them.
final class ScratchPool<Scratch: AnyObject>: @unchecked Sendable {
  private struct Entry {
    let scratch: Scratch
    /// The thread that used it last.
    let owner: pthread_t
  }
  // Safe: an object is in the list or with one caller, never both.
  private let free = Lock<[Entry]>([])
  private let make: @Sendable () -> Scratch

  init(_ make: @escaping @Sendable () -> Scratch) { self.make = make }

  /// An empty pool of the same kind, for a thread of its own.
  func fresh() -> ScratchPool { ScratchPool(make) }

  /// Runs `body` alone with scratch space.
  func use<Result>(_ body: (Scratch) throws(DSXError) -> Result) throws(DSXError) -> Result {
    let thread = pthread_self()
    let found = free.withLock { (entries: inout [Entry]) -> Scratch? in
      guard let last = entries.indices.last else { return nil }
      let own = entries.lastIndex { $0.owner == thread } ?? last
      entries.swapAt(own, last)
      return entries.removeLast().scratch
    }
    let taken = found ?? make()
    defer { free.withLock { $0.append(Entry(scratch: taken, owner: thread)) } }
    return try body(taken)
  }
}
