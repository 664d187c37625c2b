internal import DSXCore
internal import Datasets
internal import Images

/// Reads the columns that a task needs, a batch of rows at a time.
///
/// CSV columns are read as text, so that no digit of a label is lost to a guessed type; JSON and record
/// files keep their own types.
struct ExampleReader {
  private var cursor: any Cursor
  private let idRule: ExampleIDRule

  /// Rows of a batch.
  static let batchRows = 256

  init(_ dataset: MsDataset, columns: [String], id: String?) throws(DSXError) {
    var names: [String] = []
    for name in columns + (id.map { [$0] } ?? []) where !name.isEmpty && !names.contains(name) {
      names.append(name)
    }
    idRule = ExampleIDRule(dataset, column: id)
    if dataset.readsTextColumns {
      cursor = try dataset.cursor(
        types: .declared(names.map { Field($0, .string) }), batchRows: Self.batchRows)
    } else {
      var options = dataset.options
      options.columns = names
      options.batchRows = Self.batchRows
      options.namesOptions = false
      cursor = try dataset.rows(options)
    }
  }

  /// The names of the columns that there are.
  static func columns(_ dataset: MsDataset) throws(DSXError) -> [Field] {
    try dataset.rows().schema.fields
  }

  /// The next examples, or nil at the end.
  mutating func next() throws(DSXError) -> [Example]? {
    guard let batch = try cursor.next() else { return nil }
    return (0..<batch.rows).map { example(batch, $0) }
  }

  private func example(_ batch: Batch, _ row: Int) -> Example {
    var values: [String: JSONValue] = [:]
    var bytes: [String: [UInt8]] = [:]
    var numbers: [String: [Int32]] = [:]
    var pixels: [String: Image] = [:]
    for (place, field) in batch.schema.fields.enumerated() {
      let column = batch.columns[place]
      guard column.isValid(row) else {
        values[field.name] = .null
        continue
      }
      if let offsets = column.offsets {
        let range = offsets[row]..<offsets[row + 1]
        if field.type != .string, ImageColumn.names.contains(field.name),
          let image = Image(batch, column: place, row: row)
        {
          pixels[field.name] = image
          continue
        }
        switch column.elements {
        case .bytes(let all) where field.type == .bytes:
          bytes[field.name] = Array(all[range])
          continue
        case .int32(let all):
          numbers[field.name] = Array(all[range])
          continue
        case .int64(let all):
          // Ids that do not fit stay out of every vocabulary, and are refused there.
          numbers[field.name] = all[range].map { Int32(exactly: $0) ?? -1 }
          continue
        default: break
        }
      }
      var value = CellValue(batch, column: place, row: row).json
      if case .classLabel(let names) = field.feature, let number = value.int,
        names.indices.contains(number)
      {
        value = .string(names[number])
      }
      values[field.name] = value
    }
    let number = batch.firstRow + row
    var example = Example(
      row: number, id: idRule.id(of: idRule.column.flatMap { values[$0] }, row: number),
      values: values, bytes: bytes, numbers: numbers)
    example.pixels = pixels
    example.source = idRule.file(row: number) ?? ""
    return example
  }
}
