internal import DSXCore
internal import Datasets

/// Reads the columns that a task needs, a batch of rows at a time.
///
/// CSV columns are read as text, so that no digit of a label is lost to a guessed type; JSON and record
/// files keep their own types.
struct ExampleReader {
  private var cursor: any Cursor
  private let idColumn: String?
  private let idList: [String]

  /// Rows of a batch.
  static let batchRows = 256

  init(_ dataset: MsDataset, columns: [String], id: String?) throws(DSXError) {
    var names: [String] = []
    for name in columns + (id.map { [$0] } ?? []) where !name.isEmpty && !names.contains(name) {
      names.append(name)
    }
    idColumn = id
    if case .images(let folder) = dataset.content {
      idList = folder.items.map(\.file.inner)
    } else {
      idList = []
    }
    if Self.isText(dataset) {
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

  /// Whether all columns are read as text.
  private static func isText(_ dataset: MsDataset) -> Bool {
    guard case .tables(let files) = dataset.content else { return false }
    return !files.contains { file in
      let name = file.name.lowercased()
      return [".json", ".jsonl", ".ndjson"].contains {
        name.hasSuffix($0) || name.contains($0 + ".")
      }
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
    for (place, field) in batch.schema.fields.enumerated() {
      let column = batch.columns[place]
      guard column.isValid(row) else {
        values[field.name] = .null
        continue
      }
      if let offsets = column.offsets {
        let range = offsets[row]..<offsets[row + 1]
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
      row: number, id: id(values, row: number), values: values, bytes: bytes, numbers: numbers)
    if number < idList.count { example.source = idList[number] }
    return example
  }

  /// The data's own id, as a number only when it is written as one; an image's name; else the row.
  private func id(_ values: [String: JSONValue], row: Int) -> JSONValue {
    guard let idColumn, let value = values[idColumn], !value.isNull else {
      return row < idList.count ? .string(idList[row]) : .int(Int64(row))
    }
    switch value {
    case .int: return value
    case .string(let text):
      if let number = Int64(text), String(number) == text { return .int(number) }
      return value
    default: return .string(value.text())
    }
  }
}

extension DataFile {
  /// The name inside of an archive, or the last two parts of a path: the class and the file.
  var inner: String {
    switch self {
    case .member(_, let name): return name
    case .path(let path):
      let (folder, name) = FilePath.split(path)
      return FilePath.join(FilePath.split(folder).name, name)
    }
  }
}
