internal import DSXCore
internal import Records

/// The rows of a record set; one that dsx converted gives back the columns and types of the original.
struct RecordSetCursor: TableCursor {
  let schema: Schema
  private var inner: RecordCursor
  private let mapping: RecordMapping?
  private let columns: [Int]
  private let all: Schema
  var badRows: BadRows { BadRows() }
  private(set) var consumed = 0

  init(path: String, options: TableOptions) throws(DSXError) {
    let reader = try RecordReader(path: path)
    let mapping = RecordMapping(reading: reader.schema)
    let all = mapping?.original ?? reader.schema.schema
    var columns = Array(all.fields.indices)
    if let names = options.columns {
      columns = []
      for name in names {
        guard let place = all.index(of: name) else {
          throw DSXError.missingColumn(
            name, known: all.fields.map(\.name), file: path, line: nil, wasAsked: true)
        }
        columns.append(place)
      }
    }
    self.mapping = mapping
    self.all = all
    self.columns = columns
    schema = Schema(columns.map { all.fields[$0] })
    inner = reader.cursor(batchRows: min(options.batchRows, reader.suggestedBatchRows))
  }

  mutating func next() throws(DSXError) -> Batch? {
    guard let stored = try inner.next() else { return nil }
    let batch = try mapping?.restored(stored) ?? stored
    return Batch(
      schema: schema, columns: columns.map { batch.columns[$0] }, firstRow: batch.firstRow)
  }

  var state: CursorState { inner.state }
  mutating func restore(_ state: CursorState) throws(DSXError) { try inner.restore(state) }
}
