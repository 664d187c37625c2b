internal import DSXCore
internal import Datasets

/// Which id an example of a data set has: one rule for tasks and for `dsx predict`, so that the ids of
/// predictions are those that a task looks for.
struct ExampleIDRule {
  /// The column of the data's own ids; nil: images go by their names, rows by their numbers.
  let column: String?
  private let files: [String]

  init(_ dataset: MsDataset, column: String?) {
    self.column = column
    if case .images(let folder) = dataset.content {
      files = folder.items.map(\.file.nameInFolder)
    } else {
      files = []
    }
  }

  /// The image that a row is read from; nil where rows are not files.
  func file(row: Int) -> String? { files.indices.contains(row) ? files[row] : nil }

  /// The data's own id, as a number only when it is written as one; an image's name; else the row.
  func id(of value: JSONValue?, row: Int) -> JSONValue {
    switch value {
    case nil, .null?: file(row: row).map { .string($0) } ?? .int(Int64(row))
    case .int(let number)?: .int(number)
    case .string(let text)?:
      if let number = Int64(text), String(number) == text { .int(number) } else { .string(text) }
    case let value?: .string(value.text())
    }
  }
}

extension MsDataset {
  /// Whether cells of the data have no types of their own (CSV and lines of text): tasks and predictions
  /// read them as text then, so that no digit of an id or a label is lost to a guessed type.
  var readsTextColumns: Bool {
    guard case .tables(let files) = content else { return false }
    return !files.contains { file in
      let name = file.name.lowercased()
      return [".json", ".jsonl", ".ndjson"].contains {
        name.hasSuffix($0) || name.contains($0 + ".")
      }
    }
  }
}
