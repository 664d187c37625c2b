internal import DSXCore
internal import Datasets

/// One row of a data set, as text columns.
struct Example {
  /// Its number in the split, from 0.
  let row: Int
  /// The data's own id, or the row number.
  let id: JSONValue
  /// The wanted columns.
  let values: [String: String]
}

/// Reads the columns that a task needs, a batch of rows at a time, up to a limit.
struct ExampleReader {
  private var cursor: any Cursor
  private let idColumn: String?
  private var left: Int
  private let table: String

  init(_ dataset: MsDataset, columns: [String], id: String?, limit: Int?) throws(DSXError) {
    var names: [String] = []
    for name in columns + (id.map { [$0] } ?? []) where !names.contains(name) { names.append(name) }
    cursor = try dataset.cursor(types: .declared(names.map { Field($0, .string) }), batchRows: 256)
    idColumn = id
    left = limit ?? Int.max
    table = dataset.table
  }

  /// The next examples, or nil at the end.
  mutating func next() throws(DSXError) -> [Example]? {
    guard left > 0, let batch = try cursor.next() else { return nil }
    let count = min(left, batch.rows)
    left -= count
    return (0..<count).map { row in
      var values: [String: String] = [:]
      for (field, column) in zip(batch.schema.fields, batch.columns) {
        values[field.name] = column.string(row)
      }
      let number = batch.firstRow + row
      return Example(
        row: number, id: Self.id(idColumn.flatMap { values[$0] }, row: number), values: values)
    }
  }

  /// The data's own id, as a number only when it is written as one; else the row number.
  private static func id(_ text: String?, row: Int) -> JSONValue {
    guard let text else { return .int(Int64(row)) }
    if let number = Int64(text), String(number) == text { return .int(number) }
    return .string(text)
  }
}
