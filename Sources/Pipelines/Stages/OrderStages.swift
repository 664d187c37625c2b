internal import DSXCore

/// The first rows only. Stream state: numbers [rows taken], inputs [input].
struct TakeStage: StageNode {
  let input: any StageNode
  let rows: Int

  var name: String { "take" }
  var parameters: [JSONValue.Member] { [.init("rows", .int(Int64(rows)))] }
  var schema: Schema { input.schema }
  var inputs: [any StageNode] { [input] }

  func indexed(pass: Int) -> IndexedRows? {
    guard var found = input.indexed(pass: pass) else { return nil }
    found.view = .slice(found.view, 0..<min(rows, found.view.count))
    return found
  }

  func open(_ context: OpenContext, _ state: PipelineState?) throws(DSXError)
    -> any BlockIterator
  {
    if let iterator = try openIndexed(context, state) { return iterator }
    return try TakeIterator(self, context, state)
  }
}

private final class TakeIterator: BlockIterator {
  private let limit: Int
  private let meter: StageMeter
  private let input: any BlockIterator
  private var taken = 0

  init(_ stage: TakeStage, _ context: OpenContext, _ state: PipelineState?) throws(DSXError) {
    limit = stage.rows
    meter = context.meter
    taken = try state?.number(0, stage.name) ?? 0
    input = try stage.input.open(context.input(0), try state?.input(0, stage.name))
  }

  func next() throws(DSXError) -> Block? {
    // Nothing is read for rows that nobody wants.
    guard taken < limit, let block = try input.next() else { return nil }
    meter.came(block.rows)
    let kept = block.slice(0..<min(block.rows, limit - taken))
    taken += kept.rows
    meter.dropped(block.rows - kept.rows, "behind the last")
    meter.went(kept.rows)
    return kept
  }

  var state: PipelineState { PipelineState(numbers: [taken], inputs: [input.state]) }
}

/// All but the first rows. Stream state: numbers [rows skipped], inputs [input].
struct SkipStage: StageNode {
  let input: any StageNode
  let rows: Int

  var name: String { "skip" }
  var parameters: [JSONValue.Member] { [.init("rows", .int(Int64(rows)))] }
  var schema: Schema { input.schema }
  var inputs: [any StageNode] { [input] }

  func indexed(pass: Int) -> IndexedRows? {
    guard var found = input.indexed(pass: pass) else { return nil }
    found.view = .slice(found.view, min(rows, found.view.count)..<found.view.count)
    return found
  }

  func open(_ context: OpenContext, _ state: PipelineState?) throws(DSXError)
    -> any BlockIterator
  {
    if let iterator = try openIndexed(context, state) { return iterator }
    return try SkipIterator(self, context, state)
  }
}

private final class SkipIterator: BlockIterator {
  private let limit: Int
  private let meter: StageMeter
  private let input: any BlockIterator
  private var skipped = 0

  init(_ stage: SkipStage, _ context: OpenContext, _ state: PipelineState?) throws(DSXError) {
    limit = stage.rows
    meter = context.meter
    skipped = try state?.number(0, stage.name) ?? 0
    input = try stage.input.open(context.input(0), try state?.input(0, stage.name))
  }

  func next() throws(DSXError) -> Block? {
    while let block = try input.next() {
      meter.came(block.rows)
      let passed = min(block.rows, max(0, limit - skipped))
      skipped += passed
      meter.dropped(passed, "skipped")
      guard passed < block.rows else { continue }
      let kept = block.slice(passed..<block.rows)
      meter.went(kept.rows)
      return kept
    }
    return nil
  }

  var state: PipelineState { PipelineState(numbers: [skipped], inputs: [input.state]) }
}

/// One worker's rows. Stream state: numbers [rows seen], inputs [input].
struct ShardStage: StageNode {
  let input: any StageNode
  let rank: Int
  let count: Int
  let assignment: ShardAssignment
  let remainder: ShardRemainder

  var name: String { "shard" }
  var parameters: [JSONValue.Member] {
    [
      .init("rank", .int(Int64(rank))), .init("of", .int(Int64(count))),
      .init("assign", .string(assignment.rawValue)),
      .init("remainder", .string(remainder.rawValue)),
    ]
  }
  var schema: Schema { input.schema }
  var inputs: [any StageNode] { [input] }
  var order: String {
    switch assignment {
    case .contiguous:
      "that of its input: rank r takes one run, the first (rows mod \(count)) ranks one row more"
    case .strided: "that of its input: rank r takes the rows whose position is r modulo \(count)"
    }
  }

  func indexed(pass: Int) -> IndexedRows? {
    guard var found = input.indexed(pass: pass) else { return nil }
    let all = found.view.count
    let shared = remainder == .drop ? all - all % count : all
    let view = RowView.slice(found.view, 0..<shared)
    switch assignment {
    case .contiguous:
      let (each, extra) = (shared / count, shared % count)
      let start = rank * each + min(rank, extra)
      found.view = .slice(view, start..<start + each + (rank < extra ? 1 : 0))
    case .strided: found.view = .strided(view, first: rank, step: count)
    }
    return found
  }

  func open(_ context: OpenContext, _ state: PipelineState?) throws(DSXError)
    -> any BlockIterator
  {
    if let iterator = try openIndexed(context, state) { return iterator }
    return try ShardIterator(self, context, state)
  }
}

private final class ShardIterator: BlockIterator {
  private let stage: ShardStage
  private let meter: StageMeter
  private let input: any BlockIterator
  private var seen = 0

  init(_ stage: ShardStage, _ context: OpenContext, _ state: PipelineState?) throws(DSXError) {
    self.stage = stage
    meter = context.meter
    seen = try state?.number(0, stage.name) ?? 0
    input = try stage.input.open(context.input(0), try state?.input(0, stage.name))
  }

  func next() throws(DSXError) -> Block? {
    while let block = try input.next() {
      let start = StageMeter.Moment.now
      meter.came(block.rows)
      let first = (stage.rank - seen % stage.count + stage.count) % stage.count
      seen += block.rows
      let own = Array(stride(from: first, to: block.rows, by: stage.count))
      meter.dropped(block.rows - own.count, "other ranks")
      guard !own.isEmpty else { continue }
      let kept = own.count == block.rows ? block : block.gather(own)
      meter.worked(since: start)
      meter.went(kept.rows)
      return kept
    }
    return nil
  }

  var state: PipelineState { PipelineState(numbers: [seen], inputs: [input.state]) }
}

/// Columns chosen, renamed, dropped. State: inputs [input].
struct ColumnsStage: StageNode {
  let input: any StageNode
  let name: String
  let parameters: [JSONValue.Member]
  let choice: ColumnChoice

  var schema: Schema { choice.schema }
  var inputs: [any StageNode] { [input] }

  func indexed(pass: Int) -> IndexedRows? {
    guard var found = input.indexed(pass: pass) else { return nil }
    found.columns = choice.after(found.columns)
    return found
  }

  func open(_ context: OpenContext, _ state: PipelineState?) throws(DSXError)
    -> any BlockIterator
  {
    if let iterator = try openIndexed(context, state) { return iterator }
    return ColumnsIterator(
      choice, context.meter,
      try input.open(context.input(0), try state?.input(0, name)))
  }
}

private final class ColumnsIterator: BlockIterator {
  private let choice: ColumnChoice
  private let meter: StageMeter
  private let input: any BlockIterator

  init(_ choice: ColumnChoice, _ meter: StageMeter, _ input: any BlockIterator) {
    self.choice = choice
    self.meter = meter
    self.input = input
  }

  func next() throws(DSXError) -> Block? {
    guard var block = try input.next() else { return nil }
    meter.came(block.rows)
    block.batch = choice.apply(block.batch)
    meter.went(block.rows)
    return block
  }

  var state: PipelineState { PipelineState(inputs: [input.state]) }
}
