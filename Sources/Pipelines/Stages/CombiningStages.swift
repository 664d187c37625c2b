internal import DSXCore

/// One input behind the other. State: numbers [input], inputs [that input].
struct ConcatStage: StageNode {
  let inputs: [any StageNode]

  var name: String { "concat" }
  var parameters: [JSONValue.Member] { [.init("inputs", .int(Int64(inputs.count)))] }
  var schema: Schema { inputs[0].schema }
  var order: String { "all rows of the first input, then of the next" }

  func open(_ context: OpenContext, _ state: PipelineState?) throws(DSXError)
    -> any BlockIterator
  {
    try ConcatIterator(self, context, state)
  }
}

private final class ConcatIterator: BlockIterator {
  private let stage: ConcatStage
  private let context: OpenContext
  private var number = 0
  private var input: (any BlockIterator)?

  init(_ stage: ConcatStage, _ context: OpenContext, _ state: PipelineState?) throws(DSXError) {
    self.stage = stage
    self.context = context
    number = try state?.number(0, stage.name) ?? 0
    guard number < stage.inputs.count else { return }
    input = try stage.inputs[number].open(
      context.input(number), try state?.input(0, stage.name))
  }

  func next() throws(DSXError) -> Block? {
    while let input {
      if let block = try input.next() {
        context.meter.came(block.rows)
        context.meter.went(block.rows)
        return block
      }
      number += 1
      self.input = nil
      guard number < stage.inputs.count else { break }
      self.input = try stage.inputs[number].open(context.input(number), nil)
    }
    return nil
  }

  var state: PipelineState {
    PipelineState(numbers: [number], inputs: [input?.state ?? PipelineState()])
  }
}

/// Columns of several inputs side by side. State: one reader's state an input.
struct ZipStage: StageNode {
  let inputs: [any StageNode]
  let schema: Schema
  let stop: ZipStop

  var name: String { "zip" }
  var parameters: [JSONValue.Member] {
    [.init("inputs", .int(Int64(inputs.count))), .init("stop", .string(stop.rawValue))]
  }
  var order: String { "row i of the result is row i of every input" }
  var memory: String { "one batch of each input" }

  func open(_ context: OpenContext, _ state: PipelineState?) throws(DSXError)
    -> any BlockIterator
  {
    try ZipIterator(self, context, state)
  }
}

private final class ZipIterator: BlockIterator {
  private let stage: ZipStage
  private let meter: StageMeter
  private var readers: [BlockReader] = []
  private var isFinished = false

  init(_ stage: ZipStage, _ context: OpenContext, _ state: PipelineState?) throws(DSXError) {
    self.stage = stage
    meter = context.meter
    for (number, input) in stage.inputs.enumerated() {
      readers.append(
        try BlockReader(stage: stage.name, try state?.input(number, stage.name)) {
          (state) throws(DSXError) in
          try input.open(context.input(number), state)
        })
    }
  }

  func next() throws(DSXError) -> Block? {
    guard !isFinished else { return nil }
    var parts: [Block] = []
    for (number, reader) in readers.enumerated() {
      guard let part = try reader.next(limit: parts.first?.rows ?? .max) else {
        isFinished = true
        for (reader, part) in zip(readers, parts) { reader.giveBack(part.rows) }
        try checkEnd(number)
        return nil
      }
      // The shortest piece decides; the others get the rest of theirs back.
      if let rows = parts.first?.rows, part.rows < rows {
        for index in parts.indices {
          readers[index].giveBack(rows - part.rows)
          parts[index] = parts[index].slice(0..<part.rows)
        }
      }
      parts.append(part)
    }
    guard let first = parts.first else { return nil }
    for part in parts { meter.came(part.rows) }
    meter.went(first.rows)
    return Block(
      Batch(
        schema: stage.schema, columns: parts.flatMap(\.batch.columns),
        firstRow: first.batch.firstRow), origin: first.origin)
  }

  /// With `equal` no input may have rows left when another one ends.
  private func checkEnd(_ ended: Int) throws(DSXError) {
    guard stage.stop == .equal else { return }
    for (number, reader) in readers.enumerated() where number != ended {
      guard try reader.next(limit: 1) != nil else { continue }
      throw DSXError(
        .malformed, "input \(ended + 1) of the zip ends before input \(number + 1)",
        hint: "their rows do not belong together; stop: shortest leaves the longer ones' rest out")
    }
  }

  var state: PipelineState { PipelineState(inputs: readers.map(\.state)) }
}

/// When a zip ends.
public enum ZipStop: String, CaseIterable, Sendable {
  /// With the first input that ends; what the others have left is not handed on.
  case shortest
  /// All inputs must end together; else an error.
  case equal
}

/// When an interleave ends.
public enum InterleaveStop: String, CaseIterable, Sendable {
  /// When it is the turn of an input that has no row: what the others have left is not handed on.
  case first
  /// When all have ended: inputs that end are passed over. Every row comes exactly once.
  case all
  /// When all have ended at least once: inputs that end before begin anew (with the next epoch of their
  /// shuffles), so that their rows come more than once.
  case restart
}

/// Rows of several inputs in turn: `block` rows of each. State: numbers [the input whose turn it is, rows
/// of its turn that are gone, then a pass and an end mark for each input], inputs [a reader's state each].
struct InterleaveStage: StageNode {
  let inputs: [any StageNode]
  let block: Int
  let stop: InterleaveStop
  let batchRows: Int

  var name: String { "interleave" }
  var parameters: [JSONValue.Member] {
    [
      .init("inputs", .int(Int64(inputs.count))), .init("block", .int(Int64(block))),
      .init("stop", .string(stop.rawValue)), .init("batch_rows", .int(Int64(batchRows))),
    ]
  }
  var schema: Schema { inputs[0].schema }
  var order: String { "\(block) rows of each input in turn" }
  var memory: String { "one batch of each input, and one of \(batchRows) rows" }

  func open(_ context: OpenContext, _ state: PipelineState?) throws(DSXError)
    -> any BlockIterator
  {
    try InterleaveIterator(self, context, state)
  }
}

private final class InterleaveIterator: BlockIterator {
  private let stage: InterleaveStage
  private let context: OpenContext
  private var readers: [BlockReader] = []
  private var turn = 0
  private var gone = 0
  private var passes: [Int]
  private var ended: [Bool]
  /// Whether the reader gave a row since it began anew; a saved one counts as if it had.
  private var gave: [Bool]
  private var isFinished = false

  init(_ stage: InterleaveStage, _ context: OpenContext, _ state: PipelineState?)
    throws(DSXError)
  {
    self.stage = stage
    self.context = context
    passes = Array(repeating: 0, count: stage.inputs.count)
    ended = Array(repeating: false, count: stage.inputs.count)
    gave = Array(repeating: state != nil, count: stage.inputs.count)
    if let state {
      turn = try state.number(0, stage.name)
      gone = try state.number(1, stage.name)
      guard turn < stage.inputs.count else { throw PipelineState.misfit(stage.name) }
      for number in stage.inputs.indices {
        passes[number] = try state.number(2 + 2 * number, stage.name)
        ended[number] = try state.number(3 + 2 * number, stage.name) == 1
      }
    }
    for number in stage.inputs.indices {
      readers.append(try open(number, try state?.input(number, stage.name)))
    }
  }

  private func open(_ number: Int, _ state: PipelineState?) throws(DSXError) -> BlockReader {
    var inner = context.input(number)
    inner.pass = context.pass &+ passes[number]
    let place = inner
    return try BlockReader(stage: stage.name, state) { (state) throws(DSXError) in
      try self.stage.inputs[number].open(place, state)
    }
  }

  func next() throws(DSXError) -> Block? {
    var parts: [Block] = []
    var rows = 0
    while rows < stage.batchRows, !isFinished {
      let limit = min(stage.block - gone, stage.batchRows - rows)
      guard !isPassedOver(turn), let part = try readers[turn].next(limit: limit) else {
        try end()
        continue
      }
      gave[turn] = true
      context.meter.came(part.rows)
      parts.append(part)
      rows += part.rows
      gone += part.rows
      if gone == stage.block { advance() }
    }
    guard rows > 0 else { return nil }
    let start = StageMeter.Moment.now
    let block = try Block.joined(parts, stage: stage.name)
    context.meter.worked(since: start)
    context.meter.went(rows)
    return block
  }

  private func isPassedOver(_ number: Int) -> Bool { stage.stop == .all && ended[number] }

  private func advance() {
    turn = (turn + 1) % stage.inputs.count
    gone = 0
  }

  /// The input whose turn it is has no more rows.
  private func end() throws(DSXError) {
    let hadEnded = ended[turn]
    ended[turn] = true
    switch stage.stop {
    case .first: isFinished = true
    case .all:
      isFinished = ended.allSatisfy { $0 }
      advance()
    case .restart:
      isFinished = ended.allSatisfy { $0 }
      if isFinished { break }
      guard gave[turn] || !hadEnded else {
        // It is empty: there is nothing to repeat.
        advance()
        break
      }
      passes[turn] += 1
      readers[turn] = try open(turn, nil)
      gave[turn] = false
    }
  }

  var state: PipelineState {
    var numbers = [turn, gone]
    for number in passes.indices {
      numbers.append(passes[number])
      numbers.append(ended[number] ? 1 : 0)
    }
    return PipelineState(numbers: numbers, inputs: readers.map(\.state))
  }
}
