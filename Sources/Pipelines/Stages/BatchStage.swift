internal import DSXCore

/// Batches of exactly `rows` rows; the last one may be shorter or is dropped.
///
/// State: that of a `BlockReader`: the input before the block whose rows come next, and how many of them
/// were taken.
struct BatchStage: StageNode {
  let input: any StageNode
  let rows: Int
  let dropRemainder: Bool

  var name: String { "batch" }
  var parameters: [JSONValue.Member] {
    [.init("size", .int(Int64(rows))), .init("drop_remainder", .bool(dropRemainder))]
  }
  var schema: Schema { input.schema }
  var inputs: [any StageNode] { [input] }
  var memory: String { "one batch of \(rows) rows" }

  func open(_ context: OpenContext, _ state: PipelineState?) throws(DSXError)
    -> any BlockIterator
  {
    try BatchIterator(self, context, state)
  }
}

private final class BatchIterator: BlockIterator {
  private let stage: BatchStage
  private let meter: StageMeter
  private let reader: BlockReader

  init(_ stage: BatchStage, _ context: OpenContext, _ state: PipelineState?) throws(DSXError) {
    self.stage = stage
    meter = context.meter
    reader = try BlockReader(stage: stage.name, state) { (state) throws(DSXError) in
      try stage.input.open(context.input(0), state)
    }
  }

  func next() throws(DSXError) -> Block? {
    var parts: [Block] = []
    var rows = 0
    while rows < stage.rows, let part = try reader.next(limit: stage.rows - rows) {
      meter.came(part.rows)
      parts.append(part)
      rows += part.rows
    }
    guard rows > 0 else { return nil }
    guard rows == stage.rows || !stage.dropRemainder else {
      meter.dropped(rows, "remainder")
      return nil
    }
    let start = StageMeter.Moment.now
    let block = try Block.joined(parts, stage: stage.name)
    meter.worked(since: start)
    meter.went(rows)
    return block
  }

  var state: PipelineState { reader.state }
}
