import DSXCore
import Datasets
import Foundation

/// Files of one test, removed with it, and the rows of tables as texts.
final class TableFolder {
  let path = NSTemporaryDirectory() + "dsx-tables-\(UUID().uuidString)"

  init() throws { try FilePath.makeFolder(path) }
  deinit { try? FilePath.removeTree(path) }

  func file(_ name: String, _ bytes: some Collection<UInt8>) throws -> String {
    let file = path + "/" + name
    try FilePath.write(Array(bytes), to: file)
    return file
  }
}

/// A table as its rows: what readers are compared by.
struct TableRows: Equatable {
  var names: [String] = []
  var types: [FieldType] = []
  var rows: [[String?]] = []
  var badRows = 0
  var reasons: [Int?] = []

  init(_ schema: Schema, _ batches: [Batch], _ badRows: BadRows) {
    names = schema.fields.map(\.name)
    types = schema.fields.map(\.type)
    for batch in batches {
      for row in 0..<batch.rows { rows.append(batch.columns.map { Self.text($0, row) }) }
    }
    self.badRows = badRows.count
    reasons = badRows.reasons.map(\.location.line)
  }

  static func text(_ column: Column, _ row: Int) -> String? {
    guard column.isValid(row) else { return nil }
    if let offsets = column.offsets, column.string(row) == nil {
      return (offsets[row]..<offsets[row + 1]).map { scalar(column, $0) }.joined(separator: " ")
    }
    return column.string(row) ?? scalar(column, row)
  }

  private static func scalar(_ column: Column, _ index: Int) -> String {
    switch column.elements {
    case .int32(let values): String(values[index])
    case .int64(let values): String(values[index])
    case .float32(let values): String(values[index])
    case .float64(let values): String(values[index])
    case .bytes: "bytes"
    }
  }

  /// Through a cursor.
  static func stream(_ path: String, _ options: TableOptions = TableOptions()) throws -> TableRows {
    let reader = try TableReader(path: path, options: options)
    var cursor = try reader.cursor()
    var batches: [Batch] = []
    while let batch = try cursor.next() {
      guard batch.firstRow == batches.reduce(0, { $0 + $1.rows }) else {
        throw DSXError(.internal, "the batch says that it begins with row \(batch.firstRow)")
      }
      batches.append(batch)
    }
    return TableRows(reader.schema, batches, cursor.badRows)
  }

  /// Loaded whole.
  static func load(_ path: String, _ options: TableOptions = TableOptions()) throws -> TableRows {
    let table = try TableReader.load(path: path, options: options)
    return TableRows(table.schema, table.batches, table.badRows)
  }
}
