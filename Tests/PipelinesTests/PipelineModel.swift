import DSXCore

@testable import Pipelines

/// Rows as plain values: what the pipelines are compared with.
struct ModelRow: Hashable {
  var id: Int64
  var text: String?
  var ids: [Int32]
}

/// Makes batches of model rows and reads them back.
enum Model {
  static let schema = Schema([
    Field("id", .int64), Field("text", .string, isNullable: true),
    Field("ids", .int32, shape: [-1]),
  ])

  static func rows(_ count: Int, seed: UInt64 = 1) -> [ModelRow] {
    var generator = PCG64(seed: seed)
    return (0..<count).map { id in
      let length = Int(generator.bounded(9))
      return ModelRow(
        id: Int64(id), text: generator.bounded(7) == 0 ? nil : "t\(generator.bounded(1000))é",
        ids: (0..<length).map { _ in Int32(generator.bounded(100)) })
    }
  }

  static func batch(_ rows: some Sequence<ModelRow>) -> Batch {
    let rows = Array(rows)
    var ids: [Int32] = []
    var ends = [0]
    for row in rows {
      ids += row.ids
      ends.append(ids.count)
    }
    var text = Column(strings: rows.map { $0.text ?? "" })
    if rows.contains(where: { $0.text == nil }) { text.validity = rows.map { $0.text != nil } }
    return Batch(
      schema: schema,
      columns: [Column(.int64(rows.map(\.id))), text, Column(.int32(ids), offsets: ends)])
  }

  static func rows(of batch: Batch) -> [ModelRow] {
    guard let ids = batch["id"], case .int64(let numbers) = ids.elements, let text = batch["text"],
      let list = batch["ids"], case .int32(let values) = list.elements, let offsets = list.offsets
    else { return [] }
    return (0..<batch.rows).map { row in
      ModelRow(
        id: numbers[row], text: text.isValid(row) ? text.string(row) : nil,
        ids: Array(values[offsets[row]..<offsets[row + 1]]))
    }
  }

  /// The rows in batches of random sizes.
  static func stream(_ rows: [ModelRow], seed: UInt64, largest: UInt32 = 9) throws(DSXError)
    -> Pipeline
  {
    var generator = PCG64(seed: seed)
    var batches: [Batch] = []
    var start = 0
    while start < rows.count {
      let end = min(rows.count, start + 1 + Int(generator.bounded(largest)))
      batches.append(batch(rows[start..<end]))
      start = end
    }
    return try .batches(batches, schema: schema)
  }
}

/// Model rows in random access.
struct ModelSource: RowSource {
  let rows: [ModelRow]
  var schema: Schema { Model.schema }
  var count: Int { rows.count }
  var identity: String { "model \(rows.count)" }
  func batch(rows numbers: [Int]) throws(DSXError) -> Batch {
    Model.batch(numbers.map { rows[$0] })
  }
}

/// Model rows as a cursor that fails at a row, and that can be restored.
struct ModelCursor: Cursor {
  let rows: [ModelRow]
  var failsAt: Int?
  var size = 5
  private var position = 0
  var schema: Schema { Model.schema }
  var state: CursorState { CursorState(row: position) }

  init(_ rows: [ModelRow], failsAt: Int? = nil, size: Int = 5) {
    self.rows = rows
    self.failsAt = failsAt
    self.size = size
  }

  mutating func next() throws(DSXError) -> Batch? {
    guard position < rows.count else { return nil }
    let end = min(position + size, rows.count)
    if let failsAt, (position..<end).contains(failsAt) {
      throw DSXError(.malformed, "a bad row", file: "model.csv", line: failsAt + 2, row: failsAt)
    }
    var batch = Model.batch(rows[position..<end])
    batch.firstRow = position
    position = end
    return batch
  }

  mutating func restore(_ state: CursorState) throws(DSXError) { position = state.row }
}

extension PipelineRun {
  /// What is left, batch by batch.
  func rest() throws(DSXError) -> [[ModelRow]] {
    var found: [[ModelRow]] = []
    while let batch = try next() { found.append(Model.rows(of: batch)) }
    return found
  }
}

/// Checks that hold for every pipeline.
enum Laws {
  /// The same batches for widths 1, 2 and 5; and from the position behind every batch, through JSON and
  /// under another width, exactly the batches that are left. Returns the batches.
  static func check(_ pipeline: Pipeline, limit: Int = .max) throws -> [[ModelRow]] {
    func all(_ workers: Int) throws -> (batches: [[ModelRow]], positions: [PipelinePosition]) {
      let run = try pipeline.run(workers: workers)
      var batches: [[ModelRow]] = []
      var positions = [run.position]
      while batches.count < limit, let batch = try run.next() {
        batches.append(Model.rows(of: batch))
        positions.append(run.position)
      }
      return (batches, positions)
    }
    let first = try all(1)
    for workers in [2, 5] {
      let other = try all(workers)
      guard other.batches == first.batches else { throw LawBroken.width(workers) }
      guard other.positions.map({ $0.json.text() }) == first.positions.map({ $0.json.text() })
      else { throw LawBroken.position(workers) }
    }
    for (index, position) in first.positions.enumerated() {
      let read = try PipelinePosition(json: JSONParser.parse(position.json.text()))
      let run = try pipeline.run(from: read, workers: [1, 2, 5][index % 3])
      var rest: [[ModelRow]] = []
      while rest.count < limit - index, let batch = try run.next() {
        rest.append(Model.rows(of: batch))
      }
      guard rest == Array(first.batches[index...]) else { throw LawBroken.restore(index) }
      guard run.batches == first.batches.count else { throw LawBroken.count(run.batches) }
    }
    return first.batches
  }
}

enum LawBroken: Error {
  case width(Int)
  case position(Int)
  case restore(Int)
  case count(Int)
}
