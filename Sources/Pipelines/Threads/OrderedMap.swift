public import DSXCore

/// Maps inputs on several threads and hands the results on in the order of the inputs.
///
/// `source` and `sink` run on the calling thread, so they may own files and mutable state; every
/// worker thread makes its own transform. With one worker everything runs on the calling thread, one
/// input after the other. At most `workers * 2` inputs are under way, so memory is
/// bounded whatever the sizes of source and sink. The first error in input order ends the run and is
/// thrown; results before it have reached the sink.
public struct OrderedMap: Sendable {
  /// Number of worker threads, at least 1.
  public let workers: Int

  /// A map with that many worker threads.
  public init(workers: Int) { self.workers = max(1, workers) }

  /// Runs until `source` returns nil and every result has reached `sink`.
  public func run<Input: Sendable, Output: Sendable>(
    source: () throws(DSXError) -> Input?,
    makeTransform: @escaping @Sendable () throws(DSXError) -> (Input) throws(DSXError) -> Output,
    sink: (Output) throws(DSXError) -> Void
  ) throws(DSXError) {
    // One thread of work is one thread: a second one would only wait for the first.
    guard workers > 1 else {
      try runSerially(source: source, makeTransform: makeTransform, sink: sink)
      return
    }
    typealias Reply = Channel<Result<Output, DSXError>>
    let window = workers * 2
    let tasks = Channel<(Input, Reply)>(capacity: window)
    let threads = (0..<workers).compactMap { _ in
      WorkerThread(starting: {
        var transform: ((Input) throws(DSXError) -> Output)?
        while let (input, reply) = tasks.receive() {
          do throws(DSXError) {
            if transform == nil { transform = try makeTransform() }
            if let transform { reply.send(.success(try transform(input))) }
          } catch {
            reply.send(.failure(error))
          }
        }
      })
    }
    // Where the system gives no thread, the calling one does the work.
    guard !threads.isEmpty else {
      try runSerially(source: source, makeTransform: makeTransform, sink: sink)
      return
    }
    defer {
      tasks.close()
      for thread in threads { thread.join() }
    }
    var replies: [Reply] = []
    var head = 0
    var drained = false
    while true {
      while !drained, replies.count - head < window {
        let reply = Reply(capacity: 1)
        do throws(DSXError) {
          guard let input = try source() else {
            drained = true
            break
          }
          tasks.send((input, reply))
        } catch {
          // A failing source ends the run in its place: what came before still reaches the sink.
          reply.send(.failure(error))
          drained = true
        }
        replies.append(reply)
      }
      guard head < replies.count, let result = replies[head].receive() else { return }
      head += 1
      if head >= 256 {
        replies.removeFirst(head)
        head = 0
      }
      try sink(try result.get())
    }
  }

  private func runSerially<Input, Output>(
    source: () throws(DSXError) -> Input?,
    makeTransform: () throws(DSXError) -> (Input) throws(DSXError) -> Output,
    sink: (Output) throws(DSXError) -> Void
  ) throws(DSXError) {
    var transform: ((Input) throws(DSXError) -> Output)?
    while let input = try source() {
      if transform == nil { transform = try makeTransform() }
      if let transform { try sink(try transform(input)) }
    }
  }
}
