internal import DSXCore

/// Rows in a random order.
///
/// Without a window: `RowPermutation(count, seed, epoch + pass)` over a random-access source; nothing is
/// held. With a window of w rows: each run of w rows is permuted by
/// `RowPermutation(rows of the window, seed, (epoch + pass) + number of the window * 2^32)`, so that a
/// window that holds everything gives the order of the full permutation.
///
/// Stream state: numbers [number of the window, rows of it handed out, rows of the first block before
/// it], inputs [the input where the window begins].
struct ShuffleStage: StageNode {
  let input: any StageNode
  let seed: UInt64
  let epoch: Int
  let window: Int?
  let batchRows: Int

  var name: String { "shuffle" }
  var parameters: [JSONValue.Member] {
    [
      .init("seed", .int(Int64(clamping: seed))), .init("epoch", .int(Int64(epoch))),
      .init("window", window.map { .int(Int64($0)) } ?? .null),
    ] + (window == nil ? [] : [.init("batch_rows", .int(Int64(batchRows)))])
  }
  var schema: Schema { input.schema }
  var inputs: [any StageNode] { [input] }
  var order: String {
    window.map { "random by seed and epoch within runs of \($0) rows" }
      ?? "a full permutation by seed and epoch"
  }
  var memory: String {
    window.map { "\($0) rows, twice while a window is filled" }
      ?? "nothing: the order is computed"
  }

  func indexed(pass: Int) -> IndexedRows? {
    guard window == nil, var found = input.indexed(pass: pass) else { return nil }
    let permutation = RowPermutation(
      count: found.view.count, seed: seed, epoch: UInt64(clamping: epoch + pass))
    found.view = .permuted(found.view, permutation)
    return found
  }

  func open(_ context: OpenContext, _ state: PipelineState?) throws(DSXError)
    -> any BlockIterator
  {
    if let iterator = try openIndexed(context, state) { return iterator }
    return try WindowIterator(self, context, state)
  }
}

private final class WindowIterator: BlockIterator {
  private let stage: ShuffleStage
  private let window: Int
  private let epoch: UInt64
  private let meter: StageMeter
  private let reader: BlockReader
  private var number = 0
  private var begin: PipelineState
  private var held: Block?
  private var order: RowPermutation?
  private var given = 0

  init(_ stage: ShuffleStage, _ context: OpenContext, _ state: PipelineState?) throws(DSXError) {
    self.stage = stage
    window = max(1, stage.window ?? 1)
    epoch = UInt64(clamping: stage.epoch + context.pass)
    meter = context.meter
    var inner: PipelineState?
    var restored = 0
    if let state {
      number = try state.number(0, stage.name)
      restored = try state.number(1, stage.name)
      inner = PipelineState(
        numbers: [try state.number(2, stage.name)], inputs: [try state.input(0, stage.name)])
    }
    reader = try BlockReader(stage: stage.name, inner) { (state) throws(DSXError) in
      try stage.input.open(context.input(0), state)
    }
    begin = reader.state
    guard restored > 0 else { return }
    try fill()
    guard let held, restored <= held.rows else { throw PipelineState.misfit(stage.name) }
    given = restored
  }

  private func fill() throws(DSXError) {
    begin = reader.state
    held = nil
    var parts: [Block] = []
    var rows = 0
    while rows < window, let part = try reader.next(limit: window - rows) {
      meter.came(part.rows)
      parts.append(part)
      rows += part.rows
    }
    guard rows > 0 else { return }
    let start = StageMeter.Moment.now
    held = try Block.joined(parts, stage: stage.name)
    order = RowPermutation(
      count: rows, seed: stage.seed, epoch: epoch &+ UInt64(clamping: number) << 32)
    given = 0
    meter.worked(since: start)
  }

  func next() throws(DSXError) -> Block? {
    if held == nil { try fill() }
    guard let held, let order else { return nil }
    let start = StageMeter.Moment.now
    let end = min(given + stage.batchRows, held.rows)
    let block = held.gather((given..<end).map { order[$0] })
    given = end
    if end == held.rows {
      self.held = nil
      number += 1
      given = 0
      begin = reader.state
    }
    meter.worked(since: start)
    meter.went(block.rows)
    return block
  }

  var state: PipelineState {
    PipelineState(numbers: [number, given] + begin.numbers, inputs: begin.inputs)
  }
}
