internal import DSXCore

/// Batches of a cursor.
struct CursorStage: SourceNode {
  let source: String
  let identity: String
  let schema: Schema
  let makeCursor: @Sendable () throws(DSXError) -> any Cursor

  var name: String { "source" }
  var parameters: [JSONValue.Member] {
    // Content that is known may lie anywhere.
    [.init("identity", .string(identity.isEmpty ? source : identity))]
  }
  var tuning: [JSONValue.Member] { [.init("name", .string(source))] }
  var inputs: [any StageNode] { [] }
  var order: String { "as stored" }
  var memory: String { "one batch, and what the reader keeps" }

  func open(_ context: OpenContext, _ state: PipelineState?) throws(DSXError)
    -> any BlockIterator
  {
    try CursorIterator(self, context, state)
  }
}

/// State: numbers [row, byte].
private final class CursorIterator: BlockIterator {
  private let stage: CursorStage
  private let meter: StageMeter
  private let number: Int
  private var cursor: any Cursor

  init(_ stage: CursorStage, _ context: OpenContext, _ state: PipelineState?) throws(DSXError) {
    self.stage = stage
    meter = context.meter
    number = context.sourceNumber
    cursor = try stage.makeCursor()
    if let state {
      try cursor.restore(
        CursorState(
          row: try state.number(0, stage.name), byte: try state.number(1, stage.name)))
    }
  }

  func next() throws(DSXError) -> Block? {
    while true {
      let start = StageMeter.Moment.now
      let batch = try cursor.next()
      meter.worked(since: start)
      guard let batch else { return nil }
      try batch.check(stage.schema, stage: stage.name)
      guard batch.rows > 0 else { continue }
      meter.went(batch.rows)
      return Block(batch, source: number)
    }
  }

  var state: PipelineState {
    let state = cursor.state
    return PipelineState(numbers: [state.row, state.byte])
  }
}

/// Batches that lie in memory. State: numbers [the next batch].
struct BatchesStage: SourceNode {
  let source: String
  let schema: Schema
  let batches: [Batch]
  /// The number of the first row of each batch.
  let firstRows: [Int]

  init(_ batches: [Batch], schema: Schema, source: String) {
    self.batches = batches
    self.schema = schema
    self.source = source
    var first = 0
    firstRows = batches.map { batch in
      defer { first += batch.rows }
      return first
    }
  }

  var name: String { "source" }
  var parameters: [JSONValue.Member] {
    [
      .init("name", .string(source)), .init("batches", .int(Int64(batches.count))),
      .init("rows", .int(Int64(batches.reduce(0) { $0 + $1.rows }))),
    ]
  }
  var inputs: [any StageNode] { [] }
  var order: String { "as given" }
  var memory: String { "all batches" }

  func open(_ context: OpenContext, _ state: PipelineState?) throws(DSXError)
    -> any BlockIterator
  {
    try BatchesIterator(self, context, state)
  }
}

private final class BatchesIterator: BlockIterator {
  private let stage: BatchesStage
  private let meter: StageMeter
  private let number: Int
  private var position = 0

  init(_ stage: BatchesStage, _ context: OpenContext, _ state: PipelineState?) throws(DSXError) {
    self.stage = stage
    meter = context.meter
    number = context.sourceNumber
    if let state { position = try state.number(0, stage.name) }
    guard position <= stage.batches.count else { throw PipelineState.misfit(stage.name) }
  }

  func next() throws(DSXError) -> Block? {
    while position < stage.batches.count {
      var batch = stage.batches[position]
      batch.firstRow = stage.firstRows[position]
      position += 1
      guard batch.rows > 0 else { continue }
      meter.went(batch.rows)
      return Block(batch, source: number)
    }
    return nil
  }

  var state: PipelineState { PipelineState(numbers: [position]) }
}

/// Rows of a random-access source, as stored.
struct RowsStage: SourceNode {
  let rows: any RowSource
  let source: String
  let batchRows: Int

  var name: String { "source" }
  var schema: Schema { rows.schema }
  var parameters: [JSONValue.Member] {
    [
      .init("identity", .string(rows.identity)),
      .init("rows", .int(Int64(rows.count))), .init("batch_rows", .int(Int64(batchRows))),
    ]
  }
  var tuning: [JSONValue.Member] { [.init("name", .string(source))] }
  var inputs: [any StageNode] { [] }
  var order: String { "as stored" }
  var memory: String { "one batch of \(batchRows) rows" }

  func indexed(pass _: Int) -> IndexedRows? {
    IndexedRows(source: rows, batchRows: batchRows, view: .all(rows.count), columns: nil)
  }

  func open(_ context: OpenContext, _ state: PipelineState?) throws(DSXError)
    -> any BlockIterator
  {
    guard let iterator = try openIndexed(context, state) else {
      throw DSXError(.internal, "a source of rows lost its order")
    }
    return iterator
  }
}

/// Reads the rows of an order batch by batch: a source and the stages over it that only choose and order
/// rows and columns. State: numbers [position in the order].
final class IndexedIterator: BlockIterator {
  private let rows: IndexedRows
  private let stage: String
  private let source: Int
  /// The last stage's first, the source's last.
  private let meters: [StageMeter]
  private let count: Int
  private var position = 0

  init(
    _ rows: IndexedRows, stage: String, source: Int, meters: [StageMeter],
    _ state: PipelineState?
  ) throws(DSXError) {
    self.rows = rows
    self.stage = stage
    self.source = source
    self.meters = meters
    count = rows.view.count
    if let state { position = try state.number(0, stage) }
    guard position <= count else { throw PipelineState.misfit(stage) }
  }

  func next() throws(DSXError) -> Block? {
    guard position < count else { return nil }
    let start = StageMeter.Moment.now
    let end = min(position + rows.batchRows, count)
    let numbers = (position..<end).map { rows.view[$0] }
    var batch = try rows.source.batch(rows: numbers)
    try batch.check(rows.source.schema, stage: "source")
    guard batch.rows == numbers.count else {
      throw DSXError(.internal, "a source of rows gave \(batch.rows) for \(numbers.count) rows")
    }
    rows.source.release(rows: numbers)
    if let columns = rows.columns { batch = columns.apply(batch) }
    position = end
    meters.last?.worked(since: start)
    for (index, meter) in meters.enumerated() {
      if index < meters.count - 1 { meter.came(numbers.count) }
      meter.went(numbers.count)
    }
    let places = numbers.map { Block.pack(source: source, row: $0) }
    return Block(batch, origin: .list(places))
  }

  var state: PipelineState { PipelineState(numbers: [position]) }
}

extension Batch {
  /// Throws unless the columns are those that were declared, so that no later stage reads outside.
  func check(_ declared: Schema, stage: String) throws(DSXError) {
    var fault: String?
    if schema != declared {
      fault = "other fields than it declares"
    } else if columns.count != declared.fields.count {
      fault = "\(columns.count) columns for \(declared.fields.count) fields"
    } else {
      let rows = rows
      for (field, column) in zip(declared.fields, columns) {
        if column.rows != rows {
          fault = "\(column.rows) values of '\(field.name)' in \(rows) rows"
        } else if !field.type.matches(column.elements) || !column.isConsistent {
          fault = "values of '\(field.name)' that are not \(field.type.rawValue)"
        }
      }
    }
    guard let fault else { return }
    throw DSXError(
      .internal, "the stage '\(stage)' gave \(fault)",
      hint: "its code and the schema that it declares do not fit")
  }
}
