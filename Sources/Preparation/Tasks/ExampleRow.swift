internal import DSXCore

/// One row of a task that makes a row of each example, and what it cost.
struct ExampleRow: Sendable {
  /// The value of one column.
  enum Value: Sendable {
    case ids([Int32])
    case bytes([UInt8])
  }

  /// In the order of the task's schema.
  var values: [Value]
  /// Ids of the text, without padding.
  var tokens = 0
  /// Ids that fill the row.
  var padding = 0
  /// Ids that were cut off because the row is too short.
  var cut = 0
}

/// Gathers rows into batches.
struct ExampleBatches {
  private let schema: Schema
  private var rows: [ExampleRow] = []
  private var firstRow = 0
  private var size = 0
  /// Rows so far.
  var count: Int { firstRow + rows.count }

  init(_ schema: Schema) { self.schema = schema }

  /// Takes a row; hands on a batch when it has 4 MiB.
  mutating func add(_ row: ExampleRow, emit: (Batch) throws(DSXError) -> Void) throws(DSXError) {
    rows.append(row)
    for value in row.values {
      switch value {
      case .ids(let ids): size += ids.count * 4
      case .bytes(let bytes): size += bytes.count
      }
    }
    if size >= 4 << 20 { try flush(emit) }
  }

  /// Hands on what is left.
  mutating func flush(_ emit: (Batch) throws(DSXError) -> Void) throws(DSXError) {
    guard !rows.isEmpty else { return }
    var columns: [Column] = []
    for index in schema.fields.indices { columns.append(column(index)) }
    let batch = Batch(schema: schema, columns: columns, firstRow: firstRow)
    firstRow += rows.count
    rows = []
    size = 0
    try emit(batch)
  }

  private func column(_ index: Int) -> Column {
    var ids: [Int32] = []
    var bytes: [UInt8] = []
    var offsets = [0]
    offsets.reserveCapacity(rows.count + 1)
    for row in rows {
      switch row.values[index] {
      case .ids(let more):
        ids.append(contentsOf: more)
        offsets.append(ids.count)
      case .bytes(let more):
        bytes.append(contentsOf: more)
        offsets.append(bytes.count)
      }
    }
    let isBytes = schema.fields[index].type == .bytes
    return Column(isBytes ? .bytes(bytes) : .int32(ids), offsets: offsets)
  }
}
