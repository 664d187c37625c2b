internal import DSXCore

/// Scratch space that callers on any thread take, use alone and give back, so that a metric can be
/// a value and still reuse its memory.
final class ScratchPool<Scratch: AnyObject>: @unchecked Sendable {
  // Safe: an object is in the list or with one caller, never both.
  private let free = Lock<[Scratch]>([])
  private let make: @Sendable () -> Scratch

  init(_ make: @escaping @Sendable () -> Scratch) { self.make = make }

  /// Runs `body` alone with scratch space.
  func use<Result>(_ body: (Scratch) throws(DSXError) -> Result) throws(DSXError) -> Result {
    let taken = free.withLock { $0.popLast() } ?? make()
    defer { free.withLock { $0.append(taken) } }
    return try body(taken)
  }
}
