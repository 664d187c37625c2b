internal import DSXCore

/// Batches changed by a transform, on one thread or several, order kept.
struct MapStage: StageNode {
  let input: any StageNode
  let transform: BatchTransform
  let schema: Schema
  /// nil: as many as the run says.
  let workers: Int?

  var name: String { transform.name }
  var parameters: [JSONValue.Member] { transform.parameters }
  var tuning: [JSONValue.Member] {
    [.init("workers", workers.map { .int(Int64($0)) } ?? .string("of the run"))]
  }
  var inputs: [any StageNode] { [input] }
  var order: String { "that of its input, for any number of workers" }
  var memory: String { "up to 2 batches a worker" }

  func open(_ context: OpenContext, _ state: PipelineState?) throws(DSXError)
    -> any BlockIterator
  {
    let source = try input.open(context.input(0), try state?.input(0, name))
    let workers = workers ?? context.shared.workers
    let work = MapWork(self, context)
    if workers > 1, let parallel = ParallelMapIterator(work, source, workers: workers) {
      return parallel
    }
    return SerialMapIterator(work, source)
  }
}

/// What every thread of a map needs.
struct MapWork: Sendable {
  let stage: String
  let transform: BatchTransform
  let inputSchema: Schema
  let schema: Schema
  let meter: StageMeter
  let sources: [String]
  let pass: Int

  /// One thread's code.
  func makeBody() throws(DSXError) -> BatchTransform.Body {
    try transform.make(inputSchema, pass)
  }

  init(_ node: MapStage, _ context: OpenContext) {
    stage = node.name
    transform = node.transform
    inputSchema = node.input.schema
    schema = node.schema
    meter = context.meter
    sources = context.shared.sources
    pass = context.pass
  }

  /// Applies one thread's transform to a block.
  func apply(_ body: BatchTransform.Body, _ block: Block) throws(DSXError) -> Block {
    let start = StageMeter.Moment.now
    let batch: Batch
    var drops = RowDrops()
    do throws(DSXError) {
      var numbers: [Int] = []
      if transform.isNumbered {
        numbers = (0..<block.rows).compactMap { block.place($0)?.row }
        guard numbers.count == block.rows else {
          throw DSXError(
            .usage,
            "the stage '\(stage)' needs rows of the source, but a stage before it made new ones")
        }
      }
      batch = try body(block.batch, numbers, &drops)
      if !transform.isTrusted { try batch.check(schema, stage: stage) }
    } catch {
      meter.worked(since: start)
      throw block.located(error, sources: sources)
    }
    meter.worked(since: start)
    guard !drops.rows.isEmpty else {
      return Block(batch, origin: batch.rows == block.rows ? block.origin : .unknown)
    }
    for (reason, count) in drops.reasons { meter.dropped(count, reason) }
    let gone = Set(drops.rows)
    let kept = block.origin(of: (0..<block.rows).filter { !gone.contains($0) })
    return Block(batch, origin: batch.rows == block.rows - gone.count ? kept : .unknown)
  }
}

/// A map on the calling thread. State: inputs [input].
private final class SerialMapIterator: BlockIterator {
  private let work: MapWork
  private let input: any BlockIterator
  private var body: BatchTransform.Body?

  init(_ work: MapWork, _ input: any BlockIterator) {
    self.work = work
    self.input = input
  }

  func next() throws(DSXError) -> Block? {
    while let block = try input.next() {
      work.meter.came(block.rows)
      let result: Block
      if let body {
        result = try work.apply(body, block)
      } else {
        let made = try work.makeBody()
        body = made
        result = try work.apply(made, block)
      }
      guard result.rows > 0 else { continue }
      work.meter.went(result.rows)
      return result
    }
    return nil
  }

  var state: PipelineState { PipelineState(inputs: [input.state]) }
}

/// A map on several threads. The calling thread reads the input and hands results on in its order; each
/// worker makes its own transform. State as that of the serial map: the input behind the batch that was
/// handed on last, however far it was read ahead.
private final class ParallelMapIterator: BlockIterator {
  private typealias Reply = Channel<Result<Block, DSXError>>
  private struct Slot {
    let reply: Reply
    let after: PipelineState
  }

  private let work: MapWork
  private let input: any BlockIterator
  private let tasks: Channel<(Block, Reply)>
  private let threads: [WorkerThread]
  private let window: Int
  private var slots: [Slot] = []
  private var isDrained = false
  private var position: PipelineState

  /// nil when the system gives no thread at all.
  init?(_ work: MapWork, _ input: any BlockIterator, workers: Int) {
    self.work = work
    self.input = input
    window = workers * 2
    position = input.state
    let tasks = Channel<(Block, Reply)>(capacity: workers * 2)
    self.tasks = tasks
    threads = (0..<workers).compactMap { _ in
      WorkerThread(starting: {
        var body: BatchTransform.Body?
        while let (block, reply) = tasks.receive() {
          do throws(DSXError) {
            if body == nil { body = try work.makeBody() }
            if let body { reply.send(.success(try work.apply(body, block))) }
          } catch {
            reply.send(.failure(error))
          }
        }
      })
    }
    if threads.isEmpty { return nil }
  }

  deinit {
    tasks.close()
    // What waits in the channel is of no use to anyone.
    while tasks.receive() != nil {}
    for thread in threads { thread.join() }
  }

  func next() throws(DSXError) -> Block? {
    while true {
      readAhead()
      guard let slot = slots.first else {
        // The end was seen: the position says so, as that of one thread does.
        position = input.state
        return nil
      }
      slots.removeFirst()
      guard let result = slot.reply.receive() else {
        throw DSXError(.internal, "a worker of '\(work.stage)' left no result")
      }
      let block = try result.get()
      position = slot.after
      guard block.rows > 0 else { continue }
      work.meter.went(block.rows)
      return block
    }
  }

  private func readAhead() {
    while !isDrained, slots.count < window {
      let reply = Reply(capacity: 1)
      do throws(DSXError) {
        guard let block = try input.next() else {
          isDrained = true
          break
        }
        work.meter.came(block.rows)
        tasks.send((block, reply))
      } catch {
        // A failing input ends the run in its place: what came before it is still handed on.
        reply.send(.failure(error))
        isDrained = true
      }
      slots.append(Slot(reply: reply, after: input.state))
    }
  }

  var state: PipelineState { PipelineState(inputs: [position]) }
}
