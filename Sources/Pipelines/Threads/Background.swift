public import DSXCore

/// One piece of work on a thread of its own, whose result is waited for later.
public final class Background<Value: Sendable>: @unchecked Sendable {
  private let result = Channel<Result<Value, DSXError>>(capacity: 1)
  private let thread: WorkerThread?

  /// Starts `work`.
  public init(_ work: @escaping @Sendable () throws(DSXError) -> Value) {
    let result = result
    let body: @Sendable () -> Void = {
      do throws(DSXError) {
        result.send(.success(try work()))
      } catch {
        result.send(.failure(error))
      }
      // Asked for twice, it must not wait for a second result for ever.
      result.close()
    }
    thread = WorkerThread(starting: body)
    // Without a thread the work is done right here.
    if thread == nil { body() }
  }

  deinit { thread?.join() }

  /// Waits for the result; call it once.
  public func wait() throws(DSXError) -> Value {
    defer { thread?.join() }
    guard let result = result.receive() else {
      throw DSXError(.internal, "a background result was asked for twice")
    }
    return try result.get()
  }
}
