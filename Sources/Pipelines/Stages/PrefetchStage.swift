internal import DSXCore

/// Batches made ahead on a thread of its own. State: that of its input.
struct PrefetchStage: StageNode {
  let input: any StageNode
  let batches: Int

  var name: String { "prefetch" }
  var parameters: [JSONValue.Member] { [] }
  var tuning: [JSONValue.Member] { [.init("batches", .int(Int64(batches)))] }
  var schema: Schema { input.schema }
  var inputs: [any StageNode] { [input] }
  var isTransparent: Bool { true }
  var memory: String { "up to \(batches) batches" }

  func open(_ context: OpenContext, _ state: PipelineState?) throws(DSXError)
    -> any BlockIterator
  {
    let source = try input.open(context.input(0), state)
    // Without a thread the input is read when it is asked for: slower, and nothing else.
    return PrefetchIterator(source, batches: batches, context.meter) ?? source
  }
}

private final class PrefetchIterator: BlockIterator {
  private struct Item: Sendable {
    let result: Result<Block?, DSXError>
    let after: PipelineState
  }
  /// The input, owned by the thread from the moment that it starts.
  private final class Owned: @unchecked Sendable {
    let input: any BlockIterator
    init(_ input: any BlockIterator) { self.input = input }
  }

  private let items: Channel<Item>
  private let thread: WorkerThread
  private let meter: StageMeter
  private var position: PipelineState

  init?(_ input: any BlockIterator, batches: Int, _ meter: StageMeter) {
    self.meter = meter
    position = input.state
    let items = Channel<Item>(capacity: batches)
    self.items = items
    let owned = Owned(input)
    let started = WorkerThread(starting: {
      while true {
        let result: Result<Block?, DSXError>
        do throws(DSXError) {
          result = .success(try owned.input.next())
        } catch {
          result = .failure(error)
        }
        // The end is handed on too, for the position behind it.
        guard items.send(Item(result: result, after: owned.input.state)) else { break }
        guard case .success(.some) = result else { break }
      }
      items.close()
    })
    guard let started else { return nil }
    thread = started
  }

  deinit {
    items.close()
    while items.receive() != nil {}
    thread.join()
  }

  func next() throws(DSXError) -> Block? {
    guard let item = items.receive() else { return nil }
    let found = try item.result.get()
    position = item.after
    guard let block = found else { return nil }
    meter.came(block.rows)
    meter.went(block.rows)
    return block
  }

  var state: PipelineState { position }
}
